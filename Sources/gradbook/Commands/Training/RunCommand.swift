import ArgumentParser
import Experiments
import Foundation
import Inspection
import Learning
import TextFormats
import Tracking

/// `gradbook run`: train once and record every step.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Train once and record every step.",
        discussion: """
            Fits a model to data, w and b of y = w*x^2 + b unless another is named, and keeps each step's loss, gradients \
            and parameters as a row of the notebook. The same settings give the same bits, today and on another machine. What is not given is the \
            recipe's; the defaults below are those without a recipe.

            A run that diverges is a result: it has the state diverged, the first bad step and a reason, and the exit \
            code is 0.

            After a crash the file is intact, and at most the last commit interval is missing: a tenth of a second (up to \
            three tenths on a busy machine) with --durability batch and power-safe, one step with step. --resume computes \
            the run again, compares it with the rows that are there bit for bit, and adds the missing ones, so that \
            nothing tells it from a run that was never interrupted.

            --config reads settings from a file such as {"optimizer": "adam", "lr": 0.05, "beta1": 0.8}, or the whole \
            configuration of a run, which sweep best --export wrote. A flag takes the place of the file's setting of the same \
            name; all others stay, the learning rate too if the optimizer changes. Hyperparameters that the new optimizer \
            has not are refused; --set momentum=none leaves one out. The bits without flags are those of the run. --data \
            alone says where the file of an exported configuration is now, with --x and --y it names other data.

            Examples:
              gradbook run --optimizer adam --lr 0.05 --batch-size full --name first
              gradbook run --recipe numpy
              gradbook run --data reports/data/cars.csv --x speed --y dist \\
                  --scale normalize --batch-size full --lr 0.5
              gradbook run --schedule cosine:total=500 --stop-when excess=1e-6 --seed 7
            """)

    @OptionGroup var options: RunOptions
    @Option(.seed) var seed: GivenSetting?
    @OptionGroup var naming: NamingOptions
    @Option(
        help: ArgumentHelp(
            "Resume an interrupted run instead; its settings and data come from the notebook.", valueName: "run"),
        completion: Completions.runs)
    var resume: String?
    @Option(
        help: ArgumentHelp(
            """
            Take settings from a JSON file, one that gradbook sweep best --export wrote or one with the names of flags; flags \
            take their place.
            """, valueName: "file.json"), completion: .file(extensions: ["json"]))
    var config: String?
    @OptionGroup(title: "Recording") var recording: RecordingOptions
    @OptionGroup var listing: ResultOptions

    func validate() throws {
        guard let resume else { return try checkHeader() }
        let others = options.fields.isEmpty && options.assignments.isEmpty && seed == nil && config == nil
        guard others, naming.isEmpty else {
            throw ValidationError(
                "--resume: run '\(resume)' resumes as it was planned; leave the other settings, name, tags and notes out"
            )
        }
    }

    /// Refuses `--no-header` of somebody who means the table that is printed.
    private func checkHeader() throws {
        guard options.fields[.noHeader] != nil, options.fields[.data] == nil, config == nil, listing.value != .table
        else { return }
        throw ValidationError(
            "--no-header: of gradbook run it says that the file of --data has no header; leave it out, and cut the first line "
                + "off the output with tail -n +2")
    }

    func run() throws {
        if let resume { return try self.resume(resume) }
        try naming.check()
        if let config {
            let file = try ConfigurationFile(path: config, overriddenBy: given())
            if file.needsNotebook, !FileManager.default.fileExists(atPath: recording.database.file) {
                throw file.dataAreMissing
            }
            return try train { try file.run(in: $0) }
        }
        let prepared = try prepare()
        try train { _ in prepared }
    }

    private func train(_ prepare: (ExperimentRunner) throws -> PreparedRun) throws {
        let (result, scaling) = try recording.withRunner { runner in
            let prepared = try prepare(runner)
            for note in try RunWarnings(prepared).sentences + runner.notes(onDataOf: [prepared]) {
                Terminal.printNote("gradbook: \(note.spelled)")
            }
            let stepCount = prepared.configuration.steps
            var bar = ProgressBar()
            defer { bar.finish() }
            let result = try runner.record(prepared, name: naming.name, tags: naming.tags, note: naming.notes) {
                bar.update(ProgressBar.Standing($0, of: stepCount))
            }
            return (result, prepared.data.scaling)
        }
        var printer = ResultPrinter(listing.style)
        try printer.print(RunResultText(result, scaling: scaling, listing.style))
        if result.outcome.state == .diverged {
            Terminal.printNote("\(CommandText("why", ["\(result.id)"]).spelled) says why")
        }
    }

    private func resume(_ reference: String) throws {
        let resumed = try recording.withRunner(mustExist: true) { runner in
            let run = try runner.store.finder.run(reference)
            var bar = ProgressBar()
            defer { bar.finish() }
            return try runner.resume(run) { bar.update(ProgressBar.Standing($0, of: run.plan.steps)) }
        }
        if resumed.hadEnded { Terminal.printNote("run \(resumed.run.id) had ended; there is nothing to resume") }
        var printer = ResultPrinter(listing.style)
        try printer.print(RunResultText(resumed.run, scaling: resumed.scaling, listing.style))
    }

    private func given() throws -> GivenSettings {
        var fields = options.fields
        fields[.seed] = seed?.text
        return try GivenSettings(fields: fields, assignments: options.assignments)
    }

    private func prepare() throws -> PreparedRun {
        var parser = SettingsParser()
        return try parser.parse(RawSettings(given()))
    }
}
