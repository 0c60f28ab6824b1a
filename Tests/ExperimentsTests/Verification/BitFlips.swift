import Foundation
import GRDB
import Randomness

/// A stored value with one bit turned.
struct BitFlip {
    /// A table, how its rows are named in a discrepancy, and what of it is decided by training.
    struct Place: Sendable {
        let table: String
        let keys: [String]
        let columns: [String]
    }

    static let places: [Place] = [
        Place(
            table: "quadratic_steps", keys: ["run_id", "step"],
            columns: ["epoch", "loss", "learning_rate", "w", "b", "grad_w", "grad_b", "bits"]),
        Place(table: "run_parameters", keys: ["run_id", "name"], columns: ["initial", "final", "average", "bits"]),
        Place(
            table: "runs", keys: ["id"],
            columns: [
                "optimizer", "learning_rate", "batch_size", "seed", "steps", "config", "config_hash", "config_id",
                "steps_done", "first_bad_step", "reason", "stop_reason", "evaluations", "final_loss", "best_loss",
                "best_step", "bits",
            ]),
        Place(table: "dataset_rows", keys: ["dataset_id", "position"], columns: ["x", "y"]),
        Place(
            table: "datasets", keys: ["id"],
            columns: [
                "content_hash", "samples", "x_divisor", "y_divisor", "y_offset", "optimum_w", "optimum_b",
                "optimum_loss", "hessian_ww", "hessian_wb", "hessian_bb",
            ]),
    ]

    let place: Place
    let keys: [DatabaseValue]
    let column: String
    let old: DatabaseValue
    let new: DatabaseValue

    /// Draws a row and a column that has a value, and turns one of its bits.
    init(in database: Database, _ stream: inout CounterStream) throws {
        // Most of a file are steps.
        let places = Self.places + Array(repeating: Self.places[0], count: 6)
        while true {
            let place = places[Int(stream.next() % UInt64(places.count))]
            let column = place.columns[Int(stream.next() % UInt64(place.columns.count))]
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT \(place.keys.joined(separator: ", ")), \(column) FROM \(place.table)
                    WHERE \(column) IS NOT NULL ORDER BY \(place.keys.joined(separator: ", "))
                    """)
            guard !rows.isEmpty else { continue }
            let values = Array(rows[Int(stream.next() % UInt64(rows.count))].databaseValues)
            guard let old = values.last, let new = Self.flipped(old, stream.next()) else { continue }
            (self.place, self.column, self.old, self.new) = (place, column, old, new)
            keys = Array(values.dropLast())
            return
        }
    }

    func apply(to database: Database) throws { try write(new, to: database) }
    func undo(in database: Database) throws { try write(old, to: database) }

    private func write(_ value: DatabaseValue, to database: Database) throws {
        // Text with a bit turned may be no text any more, and is stored all the same.
        let isText = if case .string = old.storage { true } else { false }
        try database.execute(
            sql: """
                UPDATE \(place.table) SET \(column) = \(isText ? "CAST(? AS TEXT)" : "?")
                WHERE \(place.keys.map { "\($0) = ?" }.joined(separator: " AND "))
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
