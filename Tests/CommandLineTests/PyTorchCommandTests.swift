import Foundation
import TestRows
import TestSupport
import Testing
import Tracking

/// Every optimizer and schedule from the command line to the stored rows, compared with PyTorch.
@Suite(.timeLimit(.minutes(5)))
struct PyTorchCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func run(_ arguments: [String]) throws -> Store {
        let invocation = try scratch.gradbook(["run"] + arguments)
        #expect(invocation.exitCode == 0, "\(invocation.error)")
        return try Store.open(
            at: scratch.folder.appending(path: "gradbook.db").path, access: .readOnly, now: { "" })
    }

    @Test(arguments: PyTorchRun.all)
    func `the stored rows of a run are PyTorch's`(_ run: PyTorchRun) throws {
        let problem = PyTorchRun.problem
        let rows = zip(problem.x, problem.y).map { "\($0),\($1)" }
        try scratch.write("x,y\n" + rows.joined(separator: "\n"), to: "data.csv")
        let stepCount = Int(run.trace.last?[0] ?? 0)
        var arguments = [
            "--data", "data.csv", "--x", "x", "--y", "y", "--batch-size", "full", "--steps", "\(stepCount)",
            "--init", "w=\(problem.w0),b=\(problem.b0)", "--optimizer", run.optimizer.lowercased(),
        ]
        if let rate = run.learningRate { arguments += ["--lr", "\(rate)"] }
        for (name, value) in run.settings { arguments += ["--set", "\(name)=\(value)"] }
        if let schedule = run.schedule { arguments += ["--schedule", schedule] }

        let store = try self.run(arguments)

        let steps = try store.steps.all(ofRun: 1)
        let parameters = try store.runs.parameters(ofRun: 1)
        let w = try #require(parameters.first { $0.name == "w" }?.final)
        let b = try #require(parameters.first { $0.name == "b" }?.final)
        #expect(steps.count == stepCount)
        for row in run.trace {
            let step = steps[Int(row[0]) - 1]
            let after = Int(row[0]) < stepCount ? steps[Int(row[0])] : nil
            let stored = [step.loss, step.gradW, step.gradB, after?.w ?? w, after?.b ?? b]
            for (value, expected) in zip(stored, row.dropFirst()) {
                #expect(abs(value - expected) <= 1e-10 * max(1, abs(expected)), "step \(step.step)")
            }
        }
    }

    /// The plateau's rates depend on losses that no training has; it is covered by its own tests.
    @Test(arguments: PyTorchSchedule.all.filter { $0.metrics == nil })
    func `the stored learning rates of a run are PyTorch's`(_ schedule: PyTorchSchedule) throws {
        let store = try run([
            "--lr", "\(schedule.optimizerRate)", "--set", "momentum=0.9", "--schedule", schedule.text,
            "--steps", "\(schedule.lr.count)",
        ])

        let rates = try store.steps.all(ofRun: 1).map(\.learningRate)
        #expect(rates.count == schedule.lr.count)
        #expect(zip(rates, schedule.lr).allSatisfy { abs($0 - $1) <= 1e-12 * abs($1) + 1e-15 }, "\(rates)")
    }
}
