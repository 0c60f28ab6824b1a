import GRDB
import TextFormats

/// Chooses the few metrics that a listing of runs shows.
struct ListedMetrics {
    /// So many are shown.
    private static let most = 3
    /// So many keys are looked at, in so many of the runs, and in so many of the last rows of each: the answer is quick whatever
    /// the notebook holds.
    private static let mostKeys = 64
    private static let mostRuns = 40
    private static let mostRows = 500

    private let tables: MetricTables
    private let database: Database

    init(_ tables: MetricTables, _ database: Database) {
        (self.tables, self.database) = (tables, database)
    }

    /// Those that most of the runs have, losses and accuracies first; fewer than three where there are no more.
    func keys(ofRuns runs: [Int64]) throws -> [String] {
        guard !tables.places.isEmpty, !runs.isEmpty else { return [] }
        let stride = max(1, runs.count / Self.mostRuns)
        let sample = Swift.stride(from: 0, to: runs.count, by: stride).map { runs[$0] }
        let ids = JSONList.text(sample)
        let recorded = try Int.fetchOne(
            database,
            sql: "SELECT count(*) FROM runs WHERE id IN (SELECT value FROM json_each(?)) AND kind <> 'trained'",
            arguments: [ids])
        var rest: [(key: String, count: Int)] = []
        var chosen: [String] = []
        for key in keysByInterest.prefix(Self.mostKeys) where chosen.count < Self.most {
            let count = try runCount(key, ids)
            if count * 2 > recorded ?? 0 {
                chosen.append(key)
            } else if count > 0 {
                rest.append((key, count))
            }
        }
        // The sort keeps the order of equal ones by the place that they have already.
        let others = rest.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        return Array((chosen + others.map(\.element.key)).prefix(Self.most))
    }

    private var keysByInterest: [String] {
        tables.places.keys.map { (key: $0, interest: MetricGoal.interest(of: $0)) }
            .sorted { ($0.interest, $0.key) < ($1.interest, $1.key) }.map(\.key)
    }

    /// How many of these runs have a number under the key.
    private func runCount(_ key: String, _ ids: String) throws -> Int {
        let (rows, column, slot, arguments): (String, String, Int, StatementArguments)
        switch tables.places[key] {
        case .column(let table, let index):
            let table = tables.tables[table]
            (rows, arguments) = ("\(table.quotedName) WHERE run_id = ids.value", [])
            (column, slot) = (table.columns[index].name.sqlIdentifier, index)
        case .points:
            (rows, arguments) = ("points WHERE run_id = ids.value AND key = ?", [key])
            (column, slot) = ("value", 0)
        case nil: return 0
        }
        let sql = """
            SELECT count(*) FROM json_each(?) AS ids WHERE EXISTS (
                SELECT 1 FROM (SELECT \(column), ieee_bytes FROM \(rows) ORDER BY step DESC LIMIT \(Self.mostRows))
                WHERE \(column) IS NOT NULL OR \(NaNSlots.isNaN(slot: slot)))
            """
        return try Int.fetchOne(database, sql: sql, arguments: [ids] + arguments) ?? 0
    }
}
