import Foundation
import Reports
import TestRows
import Tracking

/// A whole report over a million recorded steps, against one reading of those steps.
enum ReportRows {
    static var cases: [BenchmarkCase] {
        [makeCase(1_000_000, limit: 6), makeCase(250_000, limit: 6)]
    }

    /// Two sizes, whose times per step are to be equal.
    private static func makeCase(_ rows: Int, limit: Double) -> BenchmarkCase {
        let files = BenchmarkFolder()
        let notebook = Deferred { LargeSweep(rows: rows).store(at: files.path("large.db")) }
        return BenchmarkCase(
            name: "report-\(rows / 1000)k-rows", unit: "step", units: rows, limit: limit, rounds: 3,
            subject: {
                attempt { _ = try Report(of: .sweep("large"), in: notebook.value).write(to: files.url("report")) }
            },
            floor: { readEveryStep(notebook.value) })
    }

    private static func readEveryStep(_ store: Store) {
        var sum = 0.0
        attempt {
            for run in try store.runs.all(ofSweep: 1) {
                try store.steps.forEach(ofRun: run.id) { step in
                    sum += step.loss + step.w + step.b + step.gradW + step.gradB + step.learningRate
                }
            }
        }
        precondition(sum.isFinite)
    }
}
