import Foundation
import TestRows
import Tracking

/// A file of a thousand runs, and how long it takes to ask it something.
///
/// `GRADBOOK_BENCH_STEPS` says how many steps they have in all; ten million if it does not.
enum LargeNotebook {
    private static let runCount = 1000

    static var figures: [Figure] {
        let files = BenchmarkFolder()
        let steps = ProcessInfo.processInfo.environment["GRADBOOK_BENCH_STEPS"].flatMap { Int($0) } ?? 10_000_000
        let path = Deferred {
            let path = files.path("large.db")
            LargeSweep(rows: steps, stepCount: steps / runCount).store(at: path).close()
            return path
        }
        return [
            Figure(name: "bytes-per-step", unit: "bytes", limit: 76) {
                let size = attempt { try FileManager.default.attributesOfItem(atPath: path.value)[.size] as? Int }
                return Double(size ?? 0) / Double(steps)
            },
            Figure(name: "list-1000-runs", unit: "ms", limit: 100) {
                milliseconds(path.value) { store in
                    let listing = try store.runs.list(RunListingRequest()) { _ in false }
                    precondition(listing.rows.count == runCount, "\(listing.rows.count) runs were listed")
                }
            },
            Figure(name: "read-one-curve", unit: "ms", limit: 50) {
                milliseconds(path.value) { store in
                    var (count, sum) = (0, 0.0)
                    try store.steps.forEach(ofRun: Int64(runCount / 2)) { step in
                        count += 1
                        sum += step.loss
                    }
                    precondition(count == steps / runCount && sum.isFinite, "\(count) steps were read")
                }
            },
        ]
    }

    /// The median of several times, each in a store of its own, with its opening.
    private static func milliseconds(_ path: String, _ body: (Store) throws -> Void) -> Double {
        let times = (0..<5).map { _ in
            time(
                {
                    attempt {
                        let store = try Store.open(at: path, access: .readOnly, now: { "2026-01-01T00:00:00.000Z" })
                        try body(store)
                        store.close()
                    }
                }, .wall)
        }
        return median(times) / 1e6
    }
}
