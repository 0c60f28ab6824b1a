import Foundation
import GRDB
import TextFormats

/// The settings of a notebook's configurations, read when somebody first asks.
final class SettingPaths {
    /// A place in configurations that holds a value.
    struct Setting {
        /// As SQLite writes it, such as `$.optimizer.lr` or `$.settings."val every"`.
        let path: String
        /// What people call it: a recorded run's settings by their own names.
        let label: String
        let isFlag: Bool

        var isRecorded: Bool { ConfigurationPath.isRecorded(path) }
    }

    private let database: Database
    private lazy var found = Result { try Self.all(in: database) }
    private lazy var recordedRuns = Result {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE kind <> 'trained')") ?? false
    }

    init(_ database: Database) {
        self.database = database
    }

    var all: [Setting] { get throws { try found.get() } }

    /// Whether there are runs of other programs, whose settings may be anything.
    var includesRecorded: Bool { get throws { try recordedRuns.get() } }

    /// The settings of recorded runs that are called so.
    func recorded(_ label: String) throws -> Setting? {
        guard try includesRecorded else { return nil }
        return try all.first { $0.isRecorded && $0.label == label }
    }

    private static func all(in database: Database) throws -> [Setting] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT fullkey, min(type IN ('true', 'false')) FROM (\(ConfigurationPath.leaves))
                GROUP BY fullkey ORDER BY fullkey
                """
        ).map { row in
            let path: String = row[0]
            return Setting(path: path, label: ConfigurationPath.label(of: path), isFlag: row[1])
        }
    }
}
