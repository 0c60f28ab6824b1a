import TestRows
import Tracking

extension Provenance {
    static let test = worker(1)
    static let dead = worker(2)

    static func worker(_ pid: Int) -> Provenance {
        Provenance(
            version: "test", gitCommit: nil, command: "test",
            process: ProcessIdentity(host: "here", pid: pid, started: 1, bootID: "boot"))
    }
}

extension Store {
    /// Every number of a sweep, as its bits, one text per run.
    func digest(ofSweep sweep: Int64) throws -> [String] {
        try runs.all(ofSweep: sweep).map { run in
            var text = "\(run.plan.config) \(run.state) \(run.stepsDone) \(run.finalLoss?.bitPattern ?? 0)"
            for step in try steps.all(ofRun: run.id) {
                for value in [step.loss, step.w, step.b, step.gradW, step.gradB] { text += " \(value.bitPattern)" }
            }
            return text
        }
    }
}
