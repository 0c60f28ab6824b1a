import Foundation
import GRDB

/// A row of `dataset_rows` exactly as SQLite has it.
package struct StoredSample: Sendable {
    package let position: Int
    package let x: QueryValue
    package let y: QueryValue
    package let ieeeBytes: QueryValue
    package let xChecksum: QueryValue
    package let yChecksum: QueryValue
    /// The numbers that `ieee_bytes` holds, if it has the length for two.
    package let exact: (x: Double, y: Double)?

    init(_ row: Row) {
        let values = Array(row.databaseValues).map { QueryValue($0) }
        position = row[0]
        (x, y, ieeeBytes) = (values[1], values[2], values[3])
        (xChecksum, yChecksum) = (values[4], values[5])
        exact = (row[3] as Data?).flatMap { ExactReals.decode($0, count: 2) }.map { ($0[0], $0[1]) }
    }
}
