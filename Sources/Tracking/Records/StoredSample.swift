import Foundation
import GRDB

/// A row of `dataset_rows` exactly as SQLite has it.
package struct StoredSample: Sendable {
    package let position: Int
    package let x: QueryValue
    package let y: QueryValue
    package let bits: QueryValue
    package let xCheck: QueryValue
    package let yCheck: QueryValue
    /// The numbers that `bits` holds, if it has the length for two.
    package let exact: (x: Double, y: Double)?

    init(_ row: Row) {
        let values = Array(row.databaseValues).map { QueryValue($0) }
        position = row[0]
        (x, y, bits) = (values[1], values[2], values[3])
        (xCheck, yCheck) = (values[4], values[5])
        exact = (row[3] as Data?).flatMap { ExactReals.decode($0, count: 2) }.map { ($0[0], $0[1]) }
    }
}
