import GRDB
import TextFormats

/// Reads a row's columns one after another, in the order of its SELECT.
///
/// By name, each access would search the row's names, which a listing of a thousand runs feels.
struct RowReader {
    private let row: Row
    private var index = 0

    init(_ row: Row) {
        self.row = row
    }

    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>() throws -> Value {
        defer { index += 1 }
        guard let value = try Value.fromDatabaseColumn(row, index) else {
            throw TrackingError(.damaged, "a row has no value in column \(index + 1), which must have one")
        }
        return value
    }

    mutating func nextIfPresent<Value: DatabaseValueConvertible & StatementColumnConvertible>() throws -> Value? {
        defer { index += 1 }
        return try Value.fromDatabaseColumn(row, index)
    }
}

extension DatabaseValueConvertible where Self: StatementColumnConvertible {
    fileprivate static func fromDatabaseColumn(_ row: Row, _ index: Int) throws -> Self? {
        row[index] as Self?
    }
}
