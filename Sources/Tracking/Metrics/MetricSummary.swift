import GRDB
import TextFormats

/// What a run's numbers under one key came to.
package struct MetricSummary: Sendable {
    /// A number and where it stands.
    package struct Place: Sendable {
        package let step: Int64
        package let value: MetricValue

        package init(step: Int64, value: MetricValue) {
            (self.step, self.value) = (step, value)
        }
    }

    package let key: String
    /// How many numbers there are, those that are none included.
    package private(set) var count = 0
    package private(set) var notANumberCount = 0
    package private(set) var first: Place
    package private(set) var last: Place
    /// The first of the lowest and of the highest numbers; nil where all are NaN.
    package private(set) var minimum: Place?
    package private(set) var maximum: Place?

    package init(_ key: String, _ place: Place) {
        (self.key, first, last) = (key, place, place)
        add(place)
    }

    /// Takes the next number, in the order of steps.
    package mutating func add(_ place: Place) {
        count += 1
        last = place
        guard place.value.notANumber == nil else {
            notANumberCount += 1
            return
        }
        if minimum.map({ place.value.isBelow($0.value) }) ?? true { minimum = place }
        if maximum.map({ $0.value.isBelow(place.value) }) ?? true { maximum = place }
    }

    /// The best of them, if anybody knows which way is better.
    package var best: Place? {
        switch MetricGoal(key: key) {
        case .min: minimum
        case .max: maximum
        case nil: nil
        }
    }
}

extension MetricValue {
    /// As a double, which of large integers is the nearest.
    package var double: Double {
        switch self {
        case .real(let number): number
        case .integer(let integer): Double(integer)
        }
    }

    package var sqlValue: SQLValue {
        switch self {
        case .real(let number): .real(number)
        case .integer(let integer): .integer(integer)
        }
    }

    package func isBelow(_ other: MetricValue) -> Bool {
        if case (.integer(let first), .integer(let second)) = (self, other) { return first < second }
        return double < other.double
    }
}

extension MetricStore {
    /// What a run's numbers came to, for each key under which it has one, in alphabetical order.
    ///
    /// Reads every number once: a million rows of five take less than a second.
    package func summaries(ofRun run: Int64) throws(TrackingError) -> [MetricSummary] {
        try file.read { database in
            let tables = try MetricTables(database)
            var summaries: [MetricSummary] = []
            for table in tables.tables where !table.columns.isEmpty {
                var found = [MetricSummary?](repeating: nil, count: table.columns.count)
                let cursor = try MetricCursor(table, ofRun: run, in: database)
                while try cursor.next() {
                    for (index, column) in table.columns.enumerated() {
                        guard let value = try cursor.value(index) else { continue }
                        let place = MetricSummary.Place(step: cursor.step, value: value)
                        if found[index]?.add(place) == nil { found[index] = MetricSummary(column.key, place) }
                    }
                }
                summaries += found.compactMap(\.self)
            }
            if tables.pointCount > 0 {
                let cursor = try MetricCursor(pointsOfRun: run, in: database, order: "key, step")
                while try cursor.next() {
                    guard let value = try cursor.value(0) else { continue }
                    let (key, place) = (cursor.key, MetricSummary.Place(step: cursor.step, value: value))
                    if summaries.last?.key == key {
                        summaries[summaries.count - 1].add(place)
                    } else {
                        summaries.append(MetricSummary(key, place))
                    }
                }
            }
            return summaries.sorted { $0.key < $1.key }
        }
    }

    /// Every key of the notebook, in alphabetical order.
    package func allKeys() throws(TrackingError) -> [String] {
        try file.read { try MetricTables($0).places.keys.sorted() }
    }
}
