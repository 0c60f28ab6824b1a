import Foundation
import GRDB
import GRDBSQLite
import TextFormats

/// A row whose values are checked when they are read: the file may come from anywhere, so its columns may hold anything.
///
///     let row = StoredRow(row, of: "run", in: database)
///     let steps: Int = try row.count("steps_done")
///
/// What does not hold what it must is `damaged`, with the file, the row, the column and the value. Values are looked at as SQLite
/// has them: GRDB's `row["steps_done"] as Int` ends the process where there is a text.
struct StoredRow {
    /// No count that a notebook holds is larger, and sums of millions of them still fit into 64 bits.
    static let largestCount: Int = 1_000_000_000_000

    private let row: Row
    private let kind: String
    private let database: Database
    /// Whether what is optional or a count is read as nothing, or as the nearest count, where it is damaged.
    private let toleratesDamage: Bool

    /// `kind` says what the row is, in the words of a message; the first column tells it from others.
    init(_ row: Row, of kind: String, in database: Database, toleratingDamage: Bool = false) {
        (self.row, self.kind, self.database, toleratesDamage) = (row, kind, database, toleratingDamage)
    }

    /// The value of a column that always has one.
    func value<Value: StoredValue>(_ column: String) throws(TrackingError) -> Value {
        let stored = stored(column)
        guard let value = Value(stored: stored) else { throw damage(column, stored, isNo: Value.storedName) }
        return value
    }

    /// The value of a column that may be empty.
    func optional<Value: StoredValue>(_ column: String) throws(TrackingError) -> Value? {
        let stored = stored(column)
        if case .null = stored { return nil }
        if toleratesDamage { return Value(stored: stored) }
        return try value(column)
    }

    /// A text that this program wrote by itself; a damaged one is read as it is where damage is tolerated.
    func value(_ column: String, _ shape: TextShape) throws(TrackingError) -> String {
        let text: String = try value(column)
        guard toleratesDamage || shape.allows(text) else { throw damage(column, isNo: shape.name) }
        return text
    }

    /// The same of a column that may be empty.
    func optional(_ column: String, _ shape: TextShape) throws(TrackingError) -> String? {
        if case .null = stored(column) { return nil }
        if toleratesDamage { return String(stored: stored(column)) }
        return try value(column, shape)
    }

    /// A number of things, or of a step.
    func count(_ column: String, from least: Int = 0) throws(TrackingError) -> Int {
        if toleratesDamage { return min(max(least, Int(stored: stored(column)) ?? least), Self.largestCount) }
        let number: Int = try value(column)
        guard (least...Self.largestCount).contains(number) else {
            throw damage(column, .int64(Int64(number)), isNo: "number from \(least) to \(Self.largestCount)")
        }
        return number
    }

    func optionalCount(_ column: String) throws(TrackingError) -> Int? {
        if case .null = stored(column) { return nil }
        return try count(column)
    }

    /// A real number, NaN where the column is empty: SQLite keeps NaN as NULL.
    func real(_ column: String) throws(TrackingError) -> Double {
        try optional(column) ?? .nan
    }

    /// The column `ieee_bytes`: so many numbers, or nil where the row has none or others.
    func exactReals(counts: Int...) throws(TrackingError) -> [Double]? {
        guard let bytes: Data = try optional(StepSchema.bytesColumn) else { return nil }
        return counts.lazy.compactMap { ExactReals.decode(bytes, count: $0) }.first
    }

    /// The error for a value that its column cannot have, though it has the right type.
    func damage(_ column: String, isNo kind: String) -> TrackingError {
        damage(column, stored(column), isNo: kind)
    }

    // MARK: - Internals

    private func stored(_ column: String) -> DatabaseValue.Storage {
        (row[column] as DatabaseValue?)?.storage ?? .null
    }

    private func damage(_ column: String, _ stored: DatabaseValue.Storage, isNo kind: String) -> TrackingError {
        let key = row.databaseValues.first.map { " " + Self.text($0.storage) } ?? ""
        return TrackingError(
            damaged: database, "\(self.kind)\(key) has \(Self.text(stored)) as \(column), which is no \(kind)")
    }

    /// A value as a message shows it.
    static func text(_ stored: DatabaseValue.Storage) -> String {
        switch stored {
        case .null: "nothing"
        case .int64(let integer): "\(integer)"
        case .double(let number): NumberText.exact(number)
        case .string(let text): "'\(text.count <= 40 ? text : "\(text.prefix(40))…")'"
        case .blob(let bytes): bytes.count.counted("byte")
        }
    }
}

extension TrackingError {
    /// A file that holds what no notebook has.
    init(damaged database: Database, _ what: String) {
        let path = sqlite3_db_filename(database.sqliteConnection, "main").map { String(cString: $0) } ?? ""
        self.init(
            .damaged, "'\(path)' is damaged: \(what)",
            advice: "\(command: "doctor", options: [.notebook(path)]) looks for more, and a backup has what was there")
    }
}

/// What a column can hold, without any conversion.
protocol StoredValue {
    /// What it is called in a message.
    static var storedName: String { get }

    /// Nil for a value of another type.
    init?(stored: DatabaseValue.Storage)
}

extension Int64: StoredValue {
    static var storedName: String { "whole number" }

    init?(stored: DatabaseValue.Storage) {
        guard case .int64(let integer) = stored else { return nil }
        self = integer
    }
}

extension Int: StoredValue {
    static var storedName: String { Int64.storedName }

    init?(stored: DatabaseValue.Storage) {
        guard let integer = Int64(stored: stored) else { return nil }
        self.init(integer)
    }
}

extension Bool: StoredValue {
    static var storedName: String { "0 or 1" }

    init?(stored: DatabaseValue.Storage) {
        guard let integer = Int64(stored: stored), integer == 0 || integer == 1 else { return nil }
        self = integer == 1
    }
}

extension Double: StoredValue {
    static var storedName: String { "number" }

    init?(stored: DatabaseValue.Storage) {
        switch stored {
        case .int64(let integer): self.init(integer)
        case .double(let number): self = number
        case .null, .string, .blob: return nil
        }
    }
}

extension String: StoredValue {
    static var storedName: String { "text" }

    init?(stored: DatabaseValue.Storage) {
        guard case .string(let text) = stored else { return nil }
        self = text
    }
}

extension Data: StoredValue {
    static var storedName: String { "bytes" }

    init?(stored: DatabaseValue.Storage) {
        guard case .blob(let data) = stored else { return nil }
        self = data
    }
}
