import ArgumentParser
import Experiments
import TextFormats
import Tracking

/// `gradbook sweep`: plan many runs, then train them.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Plan many runs, then train them.",
        discussion: """
            A sweep is a table of configurations, each repeated on several seeds. gradbook sweep NAME plans all of its runs \
            and trains them; the other subcommands look at it, finish it, enlarge it or end it. Its runs are in the notebook \
            from the first moment, so a sweep that was killed resumes where it was.

            Examples:
              gradbook sweep first --optimizer sgd,adam --lr 0.01,0.1 --seeds 1..6
              gradbook sweep status chapter
            """,
        subcommands: [
            SweepStartCommand.self, SweepStatusCommand.self, SweepResumeCommand.self, SweepExtendCommand.self,
            SweepRetryCommand.self, SweepCancelCommand.self, SweepBestCommand.self, SweepShardCommand.self,
        ],
        defaultSubcommand: SweepStartCommand.self)
}

extension SweepCommand {
    /// Refuses as the name of a new sweep what is a command, or what people take for one.
    static func checkName(_ name: String) throws {
        let isCommand = configuration.subcommands.contains { $0._commandName == name }
        guard isCommand || isElsewhere(name) else { return }
        throw ValidationError(refusal(of: name))
    }

    /// Whether people look here for a command that is elsewhere.
    static func isElsewhere(_ name: String) -> Bool { elsewhere(name, for: []) != nil }

    /// The sentence on a command's name that stands where a sweep's could; `words` are the names behind it.
    static func refusal(of name: String, for words: [String] = []) -> String {
        let meant = elsewhere(name, for: words) ?? "gradbook sweep \(name) --help explains it"
        return "'\(name)' is a command and no name of a sweep; \(meant)"
    }

    /// The command that does what people look for here by this name; nil where none does.
    private static func elsewhere(_ name: String, for words: [String]) -> String? {
        let one = words.isEmpty ? "one" : "it"
        let sweep = words.first ?? "NAME"
        let newName = words.count > 1 ? words[1] : "NEW-NAME"
        let ofSweep = [CommandText.Option("sweep")]
        switch name {
        case "help": return "gradbook sweep --help explains them"
        case "list", "ls": return "\(CommandText("sweeps").spelled) lists sweeps"
        case "show": return "\(CommandText("sweep status", [sweep]).spelled) shows \(one)"
        case "delete", "rm", "remove":
            return "\(CommandText("delete", options: [.init("sweep", sweep)]).spelled) deletes \(one)"
        case "rename":
            return "\(CommandText("rename", [sweep, newName], options: ofSweep).spelled) renames \(one)"
        default: return nil
        }
    }
}

/// `gradbook sweep NAME`: every combination of the values given, on every seed.
struct SweepStartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Train all combinations of values, or draws, on every seed: gradbook sweep NAME.",
        discussion: """
            Flags may hold several values: a list sgd,adam, or a range with both ends, log:1e-3:1:9 (9 values, evenly \
            spaced logarithms) or lin:0:0.5:6. So may hyperparameters, --set momentum=0,0.9. In a list of schedules a comma \
            begins another one unless NAME=VALUE follows: constant,cosine:total=500,min=0 are two. --init, --stop-when, \
            --data, --x and --y hold one value.

            Values may depend on another setting: --set 'momentum=0,0.9 if optimizer=sgd', or in several parts --lr \
            '0.1,0.5 if optimizer=sgd, 1e-3 if optimizer=adam,adamw'. A comma and a blank end a part, and so does a \
            semicolon, which is never unclear. Where no part applies the default holds, and two that apply are refused.

            --config reads settings from a file such as {"optimizer": "sgd", "lr": "0.1,0.5", "momentum": 0.9, "seeds": \
            "1..6"}: numbers, texts as they would be typed, or lists. A flag takes the place of the file's setting of the \
            same name; all others stay. --set momentum=none leaves a hyperparameter of the file out.

            --search random and sobol draw --trials configurations instead: from lists, and from uniform:0:0.99, \
            loguniform:1e-4:1 or int:1:50. Draw i depends on --sweep-seed and i alone.

            --search halving trains all combinations, or --trials of them drawn, for a few steps on every seed, and \
            promotes the better third (one in --eta) by their medians to a rung three times as long, until the last rung \
            has all steps. Each rung's ranking is kept: gradbook query 'SELECT * FROM rungs'.

            Ctrl-C ends a sweep after the steps that are running; gradbook sweep resume NAME resumes it.

            Examples:
              gradbook sweep rates --optimizer sgd,adam --lr log:1e-3:1:4 --seeds 1..6
              gradbook sweep heavy --set momentum=0,0.9 --lr 0.1,1 --seeds 1..6 --dry-run
              gradbook sweep fair --optimizer sgd,adam \\
                  --lr '0.1,0.5 if optimizer=sgd, 0.01,0.1 if optimizer=adam' --seeds 1..6
              gradbook sweep draws --search sobol --trials 8 --lr loguniform:1e-3:1 \\
                  --set momentum=uniform:0:0.95 --seeds 1..3 --steps 200
              gradbook sweep halves --search halving --lr log:1e-2:1:9 --seeds 1..3
            """)

    @Argument(help: "The new sweep's name, which nothing else has yet.")
    var name: String
    @OptionGroup var options: RunOptions
    @Option(
        parsing: .unconditional,
        help: "Repeat every configuration on these: a range 1..20 or a list 1,2,5. (default: 1..20)")
    var seeds: String?
    @Option(
        help: ArgumentHelp(
            """
            Take settings from a JSON file, by the names of the flags and of hyperparameters; flags take their place.
            """, valueName: "file.json"), completion: .file(extensions: ["json"]))
    var config: String?
    @OptionGroup(title: "Search") var search: SearchOptions
    @OptionGroup(title: "Workers") var workers: WorkerOptions
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup var size: SizeOptions
    @Flag(
        name: [.customLong("dry-run"), .customLong("plan")],
        help:
            """
            Say in words what would be done, and do nothing; --enqueue-only plans the runs, so that gradbook runs lists them.
            """)
    var dryRun = false
    @OptionGroup(title: "Recording") var recording: RecordingOptions

    func run() throws {
        try ExperimentRunner.checkName(name)
        try SweepCommand.checkName(name)
        // A file that cannot be read, such as an empty one, is named when it is opened for writing.
        if let store = try? recording.database.openForReading() { try store.mustBeFree(name, isForSweep: true) }
        let (given, expanded) = try expand()
        if let hint = SeedList.hint(of: given.options[.seeds]) { Terminal.printNote("\(name): \(hint.spelled)") }
        let estimate = try SweepEstimate(expanded, workers: workers.count, clock: Clock.nanoseconds)
        let freeBytes = SizeOptions.freeBytes(at: recording.database.file)
        let warn = {
            for note in RunWarnings(expanded).sentences {
                Terminal.printNote("gradbook: \(note.spelled)")
            }
        }
        guard !dryRun else {
            warn()
            try Terminal.print(
                SweepPlanText(sweep: expanded, estimate: estimate, workers: workers.count, freeBytes: freeBytes)
                    .text(width: Terminal.tableWidth))
            return
        }
        guard expanded.space.search.method != .halving || engine.kind != .slurm else {
            throw ValidationError(
                "--engine slurm: it shares out runs that are known beforehand, and halving plans rung by rung; use --engine "
                    + "local, or another --search")
        }
        try size.checkIsMeant(expanded, isSpecified: !given.isOfDefaults)
        try size.check("sweep", runCount: expanded.runCount, bytes: estimate.bytes, freeBytes: freeBytes)
        warn()
        let plan = try SweepPlanner.plan(expanded)
        try recording.withRunner { runner in
            for note in try runner.notes(onDataOf: expanded.configurations) {
                Terminal.printNote("gradbook: \(note.spelled)")
            }
            let sweep = try runner.queue(plan, name: name)
            Terminal.printNote("\(name): \(SweepPlanText.size(of: expanded))")
            try SweepDispatch(name: name, runCount: plan.runs.count, stepCount: plan.stepCount, recording: recording)
                .dispatch(sweep, in: runner, to: engine, workers: workers)
        }
    }

    /// What is given by flags and the file, and what that comes to.
    private func expand() throws -> (GivenSettings, ExpandedSweep) {
        var options = search.given
        options[.seeds] = seeds
        let flags = try GivenSettings(
            fields: self.options.fields, assignments: self.options.assignments, options: options)
        guard let config else { return (flags, try ExpandedSweep(SearchSpace(flags))) }
        let settings = try SettingsFile(path: config).overridden(by: flags)
        return (settings.all, try settings.locating { try ExpandedSweep(SearchSpace($0)) })
    }
}

/// `gradbook sweep resume NAME`: finish what was interrupted.
struct SweepResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish a sweep that was interrupted.",
        discussion: """
            Runs that were not finished are computed again from their first step; the rows that are there are compared \
            bit for bit, and the missing ones are added. Several processes may work on one sweep: each takes the next \
            run that nobody has, and the runs of a process that died.

            Examples:
              gradbook sweep resume chapter
              gradbook sweep resume cars --workers 1
            """)

    @Argument(help: "The sweep's name.", completion: Completions.sweeps)
    var name: String
    @OptionGroup(title: "Workers") var workers: WorkerOptions
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup(title: "Recording") var recording: RecordingOptions

    func run() throws {
        try recording.withRunner(mustExist: true) { runner in
            let remaining = try runner.resume(sweepNamed: name)
            guard remaining.runCount > 0 else {
                Terminal.printNote("\(name): nothing to resume, every run has ended")
                return
            }
            try runner.recordResumption(ofSweep: remaining.sweep)
            Terminal.printNote("\(name): \(remaining.runCount.counted("run")) left")
            try SweepDispatch(
                name: name, runCount: remaining.runCount, stepCount: remaining.stepCount, recording: recording
            ).dispatch(remaining.sweep, in: runner, to: engine, workers: workers)
        }
    }
}
