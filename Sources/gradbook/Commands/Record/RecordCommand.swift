import ArgumentParser
import Experiments
import Foundation
import Recording
import TextFormats
import Tracking

/// `gradbook record`: run any command, and keep what it writes and prints as a run of the notebook.
struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Run any command and record its metrics, its output and what it used.",
        discussion: """
            Starts the command as it is; its output passes through unchanged, and its exit code is that of gradbook record. \
            Metrics are recognized in what it prints: an object of JSON in a line, step:250/3300 val_loss:3.28, loss=0.25, \
            epoch 3 | loss 0.25, progress bars and tables. After ten lines it is said what is recognized. --metrics gives a pattern with named \
            groups instead. A program may also write lines itself, one object of JSON each, to the descriptor in \
            GRADBOOK_FD, such as {"step": 3, "train/loss": 0.25}; then what it prints is kept and not read.

            A word --seed 3, --seed=3 or seed=3 of the command is the run's seed: runs that differ in nothing else are replicates. The \
            run also keeps the folder, the commit with uncommitted changes (--no-diff leaves them out), processors, \
            and these variables of the environment, never others: CUDA_VISIBLE_DEVICES, OMP_*, SLURM_*, PYTHONHASHSEED.

            If the command is killed, no complete line that it wrote is lost. If gradbook record is killed, it is at most what came \
            in the last tenth of a second, and what was in the pipe. While the notebook cannot be written, rows wait, in \
            memory and then in a temporary file. After Ctrl-C the run is interrupted; --continue goes on with it.

            Examples:
              gradbook record -- python train.py --lr 0.1 --seed 3
              gradbook record --experiment mnist --set lr=0.1 -- ./train.sh
              gradbook record --metrics 'loss (?<train/loss>\\S+)' -- ./train.sh
              gradbook record --keep '*.pt' -- python train.py
              gradbook record --explain train.log
            """)

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The command and its arguments, behind --.", valueName: "command"))
    var command: [String] = []
    @OptionGroup var recording: RecordOptions
    @Option(
        help: ArgumentHelp(
            "Take metrics from the lines that match, the groups of this regular expression; none takes nothing from the output.",
            valueName: "regex"))
    var metrics: String?
    @OptionGroup var follow: FollowOptions
    @Option(
        name: .customLong("keep"), parsing: .singleValue,
        help: ArgumentHelp(
            "Keep size and SHA-256 of files that are there at the end; repeat for more.", valueName: "pattern"))
    var kept: [String] = []
    @Option(
        name: .customLong("continue"),
        help: ArgumentHelp("Go on with this run, as its next attempt.", valueName: "run"), completion: Completions.runs)
    var continued: String?
    @Flag(name: .customLong("no-diff"), help: "Leave out the uncommitted changes.")
    var leavesOutDiff = false
    @Flag(
        name: .customLong("all-ranks"),
        help: "Record every process of a job; without it those with a RANK or SLURM_PROCID other than 0 run unrecorded."
    )
    var recordsAllRanks = false
    @Flag(help: "Exit with 70 if the command succeeded and not everything was recorded.")
    var strict = false
    @Option(
        help: ArgumentHelp(
            "Say for each line of a log which metrics would be taken, and why; runs and writes nothing.",
            valueName: "file"),
        completion: .file())
    var explain: String?

    func validate() throws {
        if explain != nil {
            guard command.isEmpty else { throw ValidationError("--explain: it runs nothing; leave the command out") }
            return
        }
        guard !command.isEmpty else {
            throw ValidationError(
                "the command is missing; write it behind --, such as gradbook record -- python train.py")
        }
        guard continued == nil || recording.isEmpty else {
            throw ValidationError("--continue: the run keeps its name, settings, tags and notes; leave them out")
        }
    }

    func run() throws {
        let mode = try outputMode()
        if let explain { return try OutputExplanation(mode).print(explain) }
        try ProcessError.check(command[0])
        if Rank.current != 0, !recordsAllRanks { try Rank.runUnrecorded(command) }
        try recording.check()
        // What is wrong is said before a notebook is made.
        let new = try recording.newRun(command: command)
        let followed = try follow.logs()
        let notebook = try RecordingNotebook(recording.database, mustExist: continued != nil)
        let store = notebook.store
        let began = Date()
        let (run, identity) = try start(new, in: store)
        let recorder = try RunRecorder(
            run, in: store, output: mode, began: began.timeIntervalSince1970, following: followed,
            tell: RecordNotes.tell)
        var recorded = RecordedCommand(command)
        recorded.environment = ["GRADBOOK_RUN": identity]
        if recordsAllRanks { recorded.environment["GRADBOOK_ALL_RANKS"] = "1" }
        recorded.kept = { [kept] in KeptFiles.matching(kept) }
        let result: RecordedCommand.Result
        do {
            result = try recorded.run(recordedBy: recorder, tell: RecordNotes.tell)
        } catch let error as ProcessError {
            _ = recorder.finish(state: .failed, reason: "\(error.message)", usage: nil)
            throw error
        }
        var isComplete = RecordNotes.close(recorder, run, isStored: result.isStored)
        isComplete = notebook.finish(run) && isComplete
        if strict, result.exitCode == 0, !isComplete { throw ExitCode(EX_SOFTWARE) }
        if result.exitCode != 0 { throw ExitCode(result.exitCode) }
    }

    private func start(_ new: NewRecordedRun, in store: Store) throws -> (run: Run, identity: String) {
        let provenance = Provenance.current
        if let continued {
            let run = try store.finder.run(continued)
            return (try store.recorded.resume(run, as: provenance) { $0.isAlive }, run.plan.identity ?? "")
        }
        var new = new
        new.environment = RecordedSurroundings.captured(command: command, withDiff: !leavesOutDiff)
        return (try store.recorded.start(new, as: provenance), new.identity)
    }

    private func outputMode() throws -> RunRecorder.OutputMode {
        guard let metrics else { return .recognized }
        if metrics == "none" { return .none }
        do throws(MetricPatternError) {
            return .pattern(try MetricPattern(metrics))
        } catch {
            throw ValidationError("--metrics: \(error.description)")
        }
    }
}
