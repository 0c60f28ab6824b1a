import ArgumentParser
import TextFormats
import Tracking

/// `gradbook redact`: remove what may be private.
struct RedactCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Remove what may be private from recorded runs, before a notebook is shared.",
        discussion: """
            Removes for good: the command and its arguments, the folder, the branch and the uncommitted changes, what the \
            program printed, the captured environment, and events that quote any of it. What stays: numbers, texts, settings, \
            tensors, names and hashes of files, resources, the commit, the host, tags and notes; look at these yourself. \
            Asks before it removes anything; where nobody can be asked it needs --yes. The file is rewritten, so that \
            nothing of it is left in free space, which needs as much free space as the file has. Copies that were made before \
            still have it. \(RunReference.explanationOfSeveral)

            Examples:
              gradbook redact last --dry-run
              gradbook backup out.db && gradbook redact kind=recorded --yes --db out.db
            """)

    @Argument(help: ArgumentHelp("The runs.", valueName: "run"), completion: Completions.runsAndSweeps)
    var references: [String]
    @Flag(help: "Remove without asking.")
    var yes = false
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if yes, dryRun.isOn { throw ValidationError("--yes and --dry-run contradict each other; give one") }
    }

    func run() throws {
        let ids = try redactable()
        if dryRun.isOn { return try Terminal.print(sentences: "\(ids.runsInWords) would be redacted") }
        if !yes { try mustBeMeant(ids) }
        let store = try database.openForWriting()
        let isGone = try store.recorded.redact(ids) { $0.isAlive }
        Terminal.printNote(ids.count == 1 ? "run \(ids[0]) redacted" : "\(ids.count.counted("run")) redacted")
        guard isGone else {
            Terminal.printError(
                "gradbook: another process reads the notebook, and until it ends '\(database.file)-wal' still has what was "
                    + "removed; share the file without it")
            throw ExitCode.failure
        }
    }

    // MARK: - Internals

    private func redactable() throws -> [Int64] {
        let store = try database.openForReading()
        defer { store.close() }
        let ids = Set(try store.finder.runs(references).map(\.id)).sorted()
        _ = try store.recorded.redactable(ids) { $0.isAlive }
        return ids
    }

    private func mustBeMeant(_ ids: [Int64]) throws {
        let what = "the command, output and environment of \(ids.runsInWords)"
        switch Terminal.ask("remove \(what) for good?") {
        case true?: return
        case false?:
            Terminal.printNote("nothing was removed")
            throw ExitCode.failure
        case nil:
            throw ValidationError(
                "redact removes \(what) for good, and nobody can be asked here; add --yes if that is meant, or --dry-run to see"
            )
        }
    }
}
