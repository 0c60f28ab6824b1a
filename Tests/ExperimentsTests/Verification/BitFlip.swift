import Foundation
import GRDB
import TestSupport

/// A stored value with one bit turned.
struct BitFlip {
    /// A table, how its rows are named in a discrepancy, and what of it is decided by training.
    struct Place: Sendable {
        let table: String
        let keys: [String]
        let columns: [String]
    }

    static let steps = Place(
        table: "quadratic_steps", keys: ["run_id", "step"],
        columns: ["epoch", "loss", "learning_rate", "w", "b", "grad_w", "grad_b", "ieee_bytes"])
    static let samples = Place(
        table: "dataset_rows", keys: ["dataset_id", "position"],
        columns: ["x", "y", "ieee_bytes", "x_checksum", "y_checksum"])
    static let others = [
        Place(
            table: "run_parameters", keys: ["run_id", "name"], columns: ["initial", "final", "average", "ieee_bytes"]),
        Place(
            table: "runs", keys: ["id"],
            columns: [
                "dataset_id", "recipe", "batch_size", "config", "config_hash", "group_id", "parent_run_id",
                "parent_step",
                "steps_done",
                "diverged_step", "state_reason", "stop_reason", "evaluations", "initial_loss", "final_loss",
                "best_loss",
                "best_step",
                "ieee_bytes",
            ]),
        Place(
            table: "datasets", keys: ["id"],
            columns: [
                "content_hash", "kind", "x_column", "y_column", "samples", "x_divisor", "y_divisor", "y_offset",
                "ieee_bytes",
            ]),
        Place(table: "optima", keys: ["dataset_id", "position"], columns: ["kind", "name", "other", "value"]),
    ]
    /// Most of a file are steps, and samples are what can be known from nothing else.
    private static let places = others + [samples, samples] + Array(repeating: steps, count: 4)

    let place: Place
    let keys: [DatabaseValue]
    /// May be a key.
    let column: String
    let old: DatabaseValue
    let new: DatabaseValue

    /// Draws a table, a column that has a value, one of its runs or data sets and a row, and turns a bit there.
    init(in database: Database, _ stream: inout SplitMix) throws {
        while true {
            let place = Self.places.randomElement(using: &stream) ?? Self.steps
            let columns = place.columns + (place.keys.count > 1 ? [place.keys[1]] : [])
            let column = columns.randomElement(using: &stream) ?? ""
            let owners = try Int64.fetchAll(
                database, sql: "SELECT DISTINCT \(place.keys[0]) FROM \(place.table) WHERE \(column) IS NOT NULL")
            guard let owner = owners.randomElement(using: &stream) else { continue }
            let rows = "FROM \(place.table) WHERE \(place.keys[0]) = \(owner) AND \(column) IS NOT NULL"
            let count = try Int.fetchOne(database, sql: "SELECT count(*) \(rows)") ?? 0
            let row = try Row.fetchOne(
                database,
                sql: "SELECT \(place.keys.joined(separator: ", ")), \(column) \(rows) ORDER BY 1, 2 LIMIT 1 OFFSET ?",
                arguments: [Int.random(in: 0..<count, using: &stream)])
            let values = row.map { Array($0.databaseValues) } ?? []
            guard let old = values.last, let new = Self.flipped(old, stream.next()) else { continue }
            // NaN is NULL in the file, as the initial loss of a run that 0.1.0 made.
            if column == "initial_loss", Double.fromDatabaseValue(new)?.isNaN ?? false { continue }
            (self.place, self.column, self.old, self.new) = (place, column, old, new)
            keys = Array(values.dropLast())
            return
        }
    }

    /// Whether the row is another one now.
    var movesRow: Bool { place.keys.contains(column) }

    func apply(to database: Database) throws { try write(new, to: database, at: keys) }

    func undo(in database: Database) throws {
        try write(old, to: database, at: movesRow ? Array(keys.dropLast()) + [new] : keys)
    }

    private func write(_ value: DatabaseValue, to database: Database, at keys: [DatabaseValue]) throws {
        // Text with a bit turned may be no text any more, and is stored all the same.
        func text(_ name: String, _ value: DatabaseValue) -> String {
            if case .string = old.storage, name == column { "CAST(? AS TEXT)" } else { "?" }
        }
        try database.execute(
            sql: """
                UPDATE \(place.table) SET \(column) = \(text(column, value))
                WHERE \(zip(place.keys, keys).map { "\($0) = \(text($0, $1))" }.joined(separator: " AND "))
                """,
            arguments: StatementArguments([value] + keys))
    }

    /// Nil where SQLite does not tell the two apart: it keeps no sign of 0.
    private static func flipped(_ value: DatabaseValue, _ bits: UInt64) -> DatabaseValue? {
        switch value.storage {
        case .null: return nil
        case .int64(let integer): return (integer ^ (1 << Int64(bits % 64))).databaseValue
        case .double(let number):
            let flipped = Double(bitPattern: number.bitPattern ^ (1 << (bits % 64)))
            return flipped == number ? nil : flipped.databaseValue
        case .string(let text): return flipped(Data(text.utf8), bits)?.databaseValue
        case .blob(let data): return flipped(data, bits)?.databaseValue
        }
    }

    private static func flipped(_ data: Data, _ bits: UInt64) -> Data? {
        guard !data.isEmpty else { return nil }
        var data = data
        data[Int(bits / 8 % UInt64(data.count))] ^= 1 << UInt8(bits % 8)
        return data
    }
}
