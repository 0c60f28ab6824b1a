import ArgumentParser
import Experiments
import Learning
import Tracking

/// `gradbook fork`: what would have been, had something changed on the way.
struct ForkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract: "Continue a run from one of its steps with other settings, as a run of its own.",
        discussion: """
            For the question what would have been, had something changed on the way. Trains the run again up to the \
            step, then continues with the changes: lr, optimizer, batch_size, steps, loss, schedule, clip, stop_when, or \
            any hyperparameter. Parameters, the optimizer's state, the random streams and the place in the schedule \
            are carried over; another optimizer or schedule starts again. The new run holds the steps from there on, \
            and without a change they are its parent's, bit for bit. \(RunReference.explanation)

            Examples:
              gradbook fork 1 --at 200 lr=0.003
              gradbook fork best:chapter --at 400 optimizer=sgd lr=0.1 steps=600
            """)

    @Argument(help: ArgumentHelp("The run to leave.", valueName: "run"), completion: Completions.runs)
    var reference: String
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The first step that the changes hold for: 0 or more.", valueName: "step"))
    var at: Int
    @Argument(help: ArgumentHelp("What changes.", valueName: "name=value"))
    var changes: [String] = []
    @OptionGroup var naming: NamingOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions
    @OptionGroup var listing: ListingOptions

    func validate() throws {
        if at < 0 { throw ValidationError("--at: '\(at)' is not a step; steps begin at 0") }
    }

    func run() throws {
        try naming.check()
        let (fork, result) = try recording.withRunner(mustExist: true) { runner in
            let fork = try runner.fork(runner.store.finder.run(reference), at: at, changes: changes)
            var bar = ProgressBar()
            defer { bar.finish() }
            let stepCount = fork.run.configuration.steps - fork.step
            let result = try runner.record(
                fork.run, parent: fork.parent.id, name: naming.name, tags: naming.tags, note: naming.notes
            ) { bar.update(ProgressBar.Standing($0, of: stepCount)) }
            return (fork, result)
        }
        let change = changes.isEmpty ? "without a change" : "with \(changes.joined(separator: " "))"
        Terminal.printNote("run \(result.id) is run \(fork.parent.id) from step \(fork.step) on, \(change)")
        var printer = ResultPrinter(listing.style)
        try printer.print(RunResultText(result, scaling: fork.run.data.scaling, listing.style))
    }
}
