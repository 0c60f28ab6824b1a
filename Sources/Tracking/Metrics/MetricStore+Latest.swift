import GRDB
import TextFormats

extension MetricStore {
    /// So many of the last rows of each table are looked at.
    private static let latestRows = 200

    /// The last numbers of a run, by key, as far as they are in the last rows of each table: quick for a run of any length.
    package func latest(ofRun run: Int64) throws(TrackingError) -> [(key: String, place: MetricSummary.Place)] {
        try file.read { database in
            let tables = try MetricTables(database)
            var latest: [(key: String, place: MetricSummary.Place)] = []
            for table in tables.tables where !table.columns.isEmpty {
                let from = try Int64.fetchOne(
                    database,
                    sql: """
                        SELECT min(step) FROM (
                            SELECT step FROM \(table.quotedName) WHERE run_id = ? ORDER BY step DESC LIMIT \(Self.latestRows))
                        """, arguments: [run])
                guard let from else { continue }
                var found = [MetricSummary.Place?](repeating: nil, count: table.columns.count)
                let cursor = try MetricCursor(table, ofRun: run, steps: from...Int64.max, in: database)
                while try cursor.next() {
                    for index in found.indices {
                        if let value = try cursor.value(index) { found[index] = .init(step: cursor.step, value: value) }
                    }
                }
                for (column, place) in zip(table.columns, found) {
                    if let place { latest.append((column.key, place)) }
                }
            }
            if tables.pointCount > 0 {
                let cursor = try MetricCursor(pointsOfRun: run, in: database, order: "key, step")
                while try cursor.next() {
                    guard let value = try cursor.value(0) else { continue }
                    if latest.last?.key == cursor.key { latest.removeLast() }
                    latest.append((cursor.key, .init(step: cursor.step, value: value)))
                }
            }
            return latest.sorted { $0.key < $1.key }
        }
    }
}
