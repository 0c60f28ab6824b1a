import ArgumentParser
import Foundation
import TextFormats
import Tracking

/// `gradbook gc`: remove deleted runs for good.
struct GcCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove deleted runs for good, and give their space back to the disk.",
        discussion: """
            Asks before it removes a run; where nobody can be asked it removes none without --yes. Sweeps and data that no \
            run is left of go too. A deleted run of a sweep that is still open stays until the \
            sweep is done or cancelled. Where at least a tenth of a large file is free then, the file is rewritten, which \
            needs as much free space as what is left in it; less than that stays in the file for new runs. Unfinished \
            files that killed processes left beside the notebook or among the temporary files go too.

            Examples:
              gradbook gc --dry-run
              gradbook delete --sweep cars && gradbook gc --yes
            """)

    @Flag(help: "Remove without asking.")
    var yes = false
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if yes, dryRun.isOn { throw ValidationError("--yes and --dry-run contradict each other; give one") }
    }

    func run() throws {
        if !yes {
            let found = try removable()
            if dryRun.isOn { return try Terminal.print(sentences: found.text("would be removed")) }
            if found.runs > 0 { try mustBeMeant(found) }
        }
        let store = try database.openForWriting()
        var text = try store.runs.removeDeleted().text("removed")
        let folders = [
            URL(filePath: database.file).deletingLastPathComponent(), FileManager.default.temporaryDirectory,
        ]
        let abandoned = folders.reduce(0) { $0 + WorkFolder.removeAbandoned(in: $1) }
        if abandoned > 0 {
            text += "; \(abandoned.counted("folder")) with unfinished files of processes that were killed removed"
        }
        try Terminal.print(sentences: text)
    }

    // MARK: - Internals

    private func removable() throws -> RemovalSummary {
        let store = try database.openForReading()
        defer { store.close() }
        return try store.runs.removable()
    }

    private func mustBeMeant(_ found: RemovalSummary) throws {
        let what = "\(found.runs.counted("run")) with \(found.steps.counted("step"))"
        switch Terminal.ask("remove \(what) for good?") {
        case true?: return
        case false?:
            Terminal.printNote("nothing was removed")
            throw ExitCode.failure
        case nil:
            throw ValidationError(
                "gc removes \(what) for good, and nobody can be asked here; add --yes if that is meant, or --dry-run to see"
            )
        }
    }
}

extension RemovalSummary {
    fileprivate func text(_ done: String) -> String {
        var text = "\(runs.counted("run")) with \(steps.counted("step")) \(done)"
        if sweeps > 0 { text += ", \(sweeps.counted("sweep"))" }
        if runsKept > 0 { text += "; \(runsKept.counted("deleted run")) of sweeps that have not ended kept" }
        if freeBytes > 0 { text += "; \(SweepPlanText.bytes(Double(freeBytes))) in the file are free for new runs" }
        return text
    }
}
