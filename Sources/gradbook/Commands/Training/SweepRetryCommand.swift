import ArgumentParser
import Experiments
import TextFormats
import Tracking

/// `gradbook sweep retry NAME`: train again what did not succeed.
struct SweepRetryCommand: ParsableCommand {
    /// What may be tried again: the other ends are results.
    enum State: String, ExpressibleByArgument, CaseIterable {
        case failed, cancelled

        var runState: RunState { self == .failed ? .failed : .cancelled }
    }

    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Train a sweep's failed or cancelled runs again.",
        discussion: """
            For runs that failed for a reason outside of them, such as a full disk, or that were cancelled too early. \
            Rows that such a run has recorded stay, and are compared bit for bit with what is computed now. A diverged \
            run is a result and would diverge again.

            Examples:
              gradbook sweep retry chapter
              gradbook sweep retry chapter --state cancelled
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @Option(help: "Which runs.")
    var state = State.failed
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup(title: "Workers") var workers: WorkerOptions
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions

    func run() throws {
        if dryRun.isOn { return try preview() }
        try recording.withRunner(mustExist: true) { runner in
            let count = try runner.retry(state.runState, ofSweepNamed: name)
            guard count > 0 else {
                Terminal.printNote("\(name): nothing to retry, no run is \(state.rawValue)")
                return
            }
            Terminal.printNote("\(name): \(count) \(state.rawValue) \(count == 1 ? "run is" : "runs are") tried again")
            let remaining = try runner.resume(sweepNamed: name)
            try SweepDispatch(
                name: name, runCount: remaining.runCount, stepCount: remaining.stepCount, recording: recording
            ).dispatch(remaining.sweep, in: runner, to: engine, workers: workers)
        }
    }
}

extension SweepRetryCommand {
    private func preview() throws {
        let store = try recording.database.openForReading()
        let runs = try store.runs.all(ofSweep: store.sweeps.find(named: name).id).filter { $0.state == state.runState }
        let steps = runs.reduce(0) { $0 + $1.plan.steps }
        try Terminal.print(
            sentences:
                "\(name): \(runs.count.counted("\(state.rawValue) run")) of \(steps.counted("step")) would be tried again"
        )
    }
}

/// `gradbook sweep cancel NAME`: end a sweep for good.
struct SweepCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a sweep for good: nothing more of it is trained.",
        discussion: """
            Queued runs are cancelled, and so are running ones: their workers, wherever they are, stop at their next \
            attempt to record a step. What is recorded stays. To only pause a sweep, press Ctrl-C where it runs.

            Examples:
              gradbook sweep later --lr 0.01,0.1 --enqueue-only
              gradbook sweep cancel later
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        if dryRun.isOn { return try preview() }
        let store = try database.openForWriting()
        let sweep = try store.sweeps.find(named: name)
        guard sweep.state != .done else {
            Terminal.printNote("\(name): nothing to cancel, every run has ended")
            return
        }
        let count = try store.sweeps.cancel(sweep.id)
        Terminal.printNote(
            "\(name): \(count.counted("run")) cancelled; "
                + "\(CommandText("sweep retry", [name], options: [.init("state", "cancelled")]).spelled) queues them again"
        )
    }
}

extension SweepCancelCommand {
    private func preview() throws {
        let store = try database.openForReading()
        let runs = try store.runs.all(ofSweep: store.sweeps.find(named: name).id).filter { !$0.state.isFinal }
        let running = runs.count { $0.state == .running }
        let rest = running > 0 ? ", \(running) of them being trained" : ""
        try Terminal.print(sentences: "\(name): \(runs.count.counted("run")) would be cancelled\(rest)")
    }
}
