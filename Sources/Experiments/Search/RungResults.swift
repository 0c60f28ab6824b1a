import Foundation
import Tracking

/// What a rung came to: every configuration with its median over the seeds, and whether it is promoted.
///
/// A pure function of the rung's stored runs, so any number of workers and any restart gives the same one. It is kept, as
/// JSON, in the sweep's events.
package struct RungResults: Sendable, Equatable, Codable {
    /// What a configuration reached in the rung, and whether the next rung trains it.
    package struct Entry: Sendable, Equatable, Codable {
        package let configID: String
        /// Of the final losses, where a run that is not done ranks behind every other; nil where half of the runs, or more,
        /// are not.
        package let median: Double?
        package let goesOn: Bool

        private enum CodingKeys: String, CodingKey {
            case configID = "config_id"
            case median
            case goesOn = "goes_on"
        }
    }

    /// What kind of event it is.
    static let eventKind = "rung"

    /// Counted from 1.
    package let rung: Int
    package let steps: Int
    package let runs: Int
    /// The best one first; of equal medians the one that was planned first.
    package let configurations: [Entry]

    /// Ranks the runs of a rung, of which the best `places` are promoted if they have a median.
    init(rung: Int, runs: [StoredRun], places: Int) {
        self.rung = rung
        self.runs = runs.count
        steps = runs.first?.plan.steps ?? 0
        let replicates = Dictionary(grouping: runs, by: \.plan.configID)
        let medians = runs.map(\.plan.configID).withoutRepeats().map { id in
            (id: id, median: Self.median(of: replicates[id] ?? []))
        }
        let ranked = medians.enumerated().sorted { first, second in
            let (a, b) = (first.element.median ?? .infinity, second.element.median ?? .infinity)
            return a == b ? first.offset < second.offset : a < b
        }
        configurations = ranked.enumerated().map { place, candidate in
            let (id, median) = candidate.element
            return Entry(configID: id, median: median, goesOn: place < places && median != nil)
        }
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func median(of runs: [StoredRun]) -> Double? {
        let losses = runs.map { $0.state == .done ? $0.finalLoss ?? .infinity : .infinity }.sorted()
        let middle = losses.count / 2
        let median = losses.count.isMultiple(of: 2) ? losses[middle - 1] / 2 + losses[middle] / 2 : losses[middle]
        return median.isFinite ? median : nil
    }
}
