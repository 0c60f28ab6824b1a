import ArgumentParser
import Experiments
import Learning

/// `gradbook run`: train once and record every step.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train once and record every step.",
        discussion: """
            Examples:
              gradbook run --recipe numpy
              gradbook run --optimizer adam --lr 0.05 --batch-size full --seed 7 --name first
              gradbook run --lr 0.5 --schedule warmup:total=50+cosine:total=450 --target excess=1e-6

            Without a recipe: the chapter's data, SGD with learning rate 0.1, batches of 10, 500 steps, seed 0.

            What survives a crash: after the process is killed the file is intact, and at most the last commit \
            interval (--durability batch: a tenth of a second) is missing.
            """)

    @OptionGroup var options: RunOptions
    @Option(parsing: .unconditional, help: "The run's seed: it decides initial values and the order of samples.")
    var seed: String?
    @Option(help: "A name for the run.")
    var name: String?
    @Option(name: .customLong("tag"), parsing: .singleValue, help: "A tag; repeat for more.")
    var tags: [String] = []
    @Option(help: "A note to keep with the run.")
    var notes: String?
    @OptionGroup var recording: RecordingOptions
    @Option(help: "How the result is printed: table or json.")
    var format = ResultFormat.table

    func run() throws {
        if let name { try Notebook.checkName(name) }
        let prepared = try prepare()
        let stepCount = prepared.configuration.steps
        let result = try recording.withNotebook { notebook in
            var bar = ProgressBar()
            defer { bar.finish() }
            return try notebook.record(prepared, name: name, tags: tags, note: notes) { steps in
                bar.update(runsDone: 0, runsPlanned: 1, stepsDone: steps, stepsPlanned: stepCount)
            }
        }
        try Terminal.print(RunResultText(result, scaling: prepared.data.scaling).text(format))
    }

    private func prepare() throws -> PreparedRun {
        var fields = options.fields
        fields[.seed] = seed
        var reader = RequestReader()
        return try reader.read(RunValues(fields: fields, settings: options.settings))
    }
}
