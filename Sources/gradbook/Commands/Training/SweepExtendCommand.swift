import ArgumentParser
import Experiments
import TextFormats
import Tracking

/// `gradbook sweep extend NAME`: more seeds or values for a sweep that is there.
struct SweepExtendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend",
        abstract: "Give a sweep more seeds or values, and train what is new.",
        discussion: """
            For the day when ten seeds were too few, or the best learning rate stood at the end of the list. \
            Everything that is there stays as it is. Settings that the sweep gives values to can get more of them, the \
            others keep the sweep's; the new runs are all combinations that the sweep does not have yet, again all \
            configurations on one seed before the next. --dry-run lists them.

            Values without a condition extend the setting wherever the sweep has it: --set momentum=0.5 where momentum is \
            set if optimizer=sgd. With one they are added only there: --lr '0.5 if optimizer=adam'. A hyperparameter that \
            the sweep does not set gets them for the optimizers that have it. The data are those of the notebook, also if \
            their file is gone or has changed; they cannot be others. The defaults below are those of a new run: what is \
            not given here stays as the sweep has it.

            Examples:
              gradbook sweep extend chapter --seeds 11..12
              gradbook sweep extend cars --lr 0.5 --dry-run
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @OptionGroup var options: RunOptions
    @Option(parsing: .unconditional, help: "Further seeds: a range 21..40 or a list 21,22,25.")
    var seeds: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many further configurations are drawn: +1 or more.", valueName: "+count"))
    var trials: String?
    @OptionGroup(title: "Workers") var workers: WorkerOptions
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup var size: SizeOptions
    @Flag(
        name: [.customLong("dry-run"), .customLong("plan")],
        help: "Say in words what would be added, and do nothing.")
    var dryRun = false
    @OptionGroup(title: "Recording") var recording: RecordingOptions

    func run() throws {
        let store = try recording.database.openForReading()
        guard !options.fields.isEmpty || !options.assignments.isEmpty || seeds != nil || trials != nil else {
            _ = try store.sweeps.find(named: name)
            throw ValidationError("there is nothing to add; give for example --seeds 21..40 or --lr log:3:10:4")
        }
        let more = try SweepExtension(
            ofSweep: name, in: store, fields: options.fields, settings: options.assignments, seeds: seeds,
            trials: trials)
        if let hint = more.seedHint { Terminal.printNote("\(name): \(hint.spelled)") }
        let text = SweepExtensionText(more: more)
        guard !dryRun else { return try Terminal.print(text.text(width: Terminal.tableWidth)) }
        guard more.runCount > 0 else {
            Terminal.printNote("\(name): nothing to add, the sweep has all of these runs")
            return
        }
        try size.check(
            "extension", runCount: more.runCount,
            bytes: SweepEstimate.bytes(stepCount: more.stepCount, runCount: more.runCount),
            freeBytes: SizeOptions.freeBytes(at: recording.database.file))
        try recording.withRunner(mustExist: true) { runner in
            try runner.queue(more)
            Terminal.printNote("\(name): \(text.size)")
            for line in text.firstLines(12, width: Terminal.width) { Terminal.printNote(line) }
            let remaining = try runner.resume(sweepNamed: name)
            try SweepDispatch(
                name: name, runCount: remaining.runCount, stepCount: remaining.stepCount, recording: recording
            ).dispatch(remaining.sweep, in: runner, to: engine, workers: workers)
        }
    }
}
