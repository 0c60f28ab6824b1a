import GRDB

/// The numbers of one step of a run, of whichever tables.
package struct MetricRow: Sendable, Equatable {
    package fileprivate(set) var step: Int64
    /// Since the start of the attempt; nil where nobody knows.
    package fileprivate(set) var elapsedNanoseconds: Int64?
    /// In the order of the keys that were asked for; nil where nothing was logged.
    package fileprivate(set) var values: [MetricValue?]
}

extension MetricStore {
    /// Calls `body` with the numbers of each of a run's steps that has one under these keys, in the order of steps.
    ///
    /// Needs no more memory for many steps than for one. `body` must not call this store; what it throws is rethrown and ends the
    /// reading.
    package func forEachRow(
        ofRun run: Int64, keys: [String], in steps: ClosedRange<Int64>? = nil, _ body: (MetricRow) throws -> Void
    ) throws {
        try file.translatingDatabaseErrors {
            try file.reader.read { database in
                var merging = try MetricMerging(run: run, keys: keys, steps: steps, in: database)
                while let row = try merging.next() { try body(row) }
            }
        }
    }

    /// A run's numbers under a key, by step; of very many an even choice of about `most`, and always the last one.
    package func curve(
        ofRun run: Int64, key: String, most: Int = 20_000
    ) throws -> [(step: Int64, value: MetricValue)] {
        var (curve, stride, count): ([(step: Int64, value: MetricValue)], Int, Int) = ([], 1, 0)
        var last: (step: Int64, value: MetricValue)?
        try forEachRow(ofRun: run, keys: [key]) { row in
            guard let value = row.values[0] else { return }
            last = (row.step, value)
            if count % stride == 0 { curve.append((row.step, value)) }
            count += 1
            guard curve.count >= 2 * most else { return }
            curve = curve.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
            stride *= 2
        }
        if let last, curve.last?.step != last.step { curve.append(last) }
        return curve
    }
}

/// Walks through several tables side by side, from step to step.
private struct MetricMerging {
    private struct Source {
        let cursor: MetricCursor
        /// The place of each column among the keys.
        let places: [Int]
        let isPoints: Bool
        /// Of the row at which it stands; nil behind the last one.
        var step: Int64?

        mutating func advance() throws { step = try cursor.next() ? cursor.step : nil }
    }

    private var sources: [Source] = []
    private var placesOfPoints: [String: Int] = [:]
    private let keyCount: Int

    init(run: Int64, keys: [String], steps: ClosedRange<Int64>?, in database: Database) throws {
        let tables = try MetricTables(database)
        keyCount = keys.count
        var wanted: [Int: [(slot: Int, place: Int)]] = [:]
        for (place, key) in keys.enumerated() {
            switch tables.places[key] {
            case .column(let table, let column): wanted[table, default: []].append((column, place))
            case .points: placesOfPoints[key] = place
            case nil: break
            }
        }
        for (table, columns) in wanted.sorted(by: { $0.key < $1.key }) {
            let cursor = try MetricCursor(
                tables.tables[table], ofRun: run, slots: columns.map(\.slot), steps: steps, in: database)
            sources.append(Source(cursor: cursor, places: columns.map(\.place), isPoints: false))
        }
        if !placesOfPoints.isEmpty {
            let cursor = try MetricCursor(pointsOfRun: run, in: database, order: "step, key", steps: steps)
            sources.append(Source(cursor: cursor, places: [], isPoints: true))
        }
        for index in sources.indices { try sources[index].advance() }
    }

    /// The next step that has a number; nil behind the last one.
    mutating func next() throws -> MetricRow? {
        while let step = sources.lazy.compactMap(\.step).min() {
            var row = MetricRow(
                step: step, elapsedNanoseconds: nil, values: [MetricValue?](repeating: nil, count: keyCount))
            var isEmpty = true
            for index in sources.indices {
                // A step of `points` has a row for each key.
                while sources[index].step == step {
                    if try read(sources[index], into: &row) { isEmpty = false }
                    try sources[index].advance()
                }
            }
            if !isEmpty { return row }
        }
        return nil
    }

    /// Takes the numbers of a source's row; false where it has none under a wanted key.
    private func read(_ source: Source, into row: inout MetricRow) throws -> Bool {
        var isFound = false
        func take(_ value: MetricValue?, at place: Int) {
            guard let value else { return }
            row.values[place] = value
            isFound = true
        }
        if source.isPoints {
            if let place = placesOfPoints[source.cursor.key] { take(try source.cursor.value(0), at: place) }
        } else {
            for (index, place) in source.places.enumerated() { take(try source.cursor.value(index), at: place) }
        }
        if isFound { row.elapsedNanoseconds = row.elapsedNanoseconds ?? source.cursor.elapsedNanoseconds }
        return isFound
    }
}
