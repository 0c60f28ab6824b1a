import ArgumentParser
import TextFormats
import Tracking

/// `gradbook gc`: remove deleted runs for good.
struct GcCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Remove deleted runs for good, and give their space back to the disk.",
        discussion: """
            Sweeps and data that no run is left of go too. A deleted run of a sweep that is still open stays until the \
            sweep is done or cancelled. Where at least a tenth of a large file is free then, the file is rewritten, which \
            needs as much free space as what is left in it; less than that stays in the file for new runs.

            Examples:
              gradbook gc
              gradbook delete --sweep cars && gradbook gc
            """)

    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForWriting()
        defer { store.close() }
        let removed = try store.runs.removeDeleted()
        var text = "\(removed.runs.counted("run")) with \(removed.steps.counted("step")) removed"
        if removed.sweeps > 0 { text += ", \(removed.sweeps.counted("sweep"))" }
        if removed.runsKept > 0 {
            text += "; \(removed.runsKept.counted("deleted run")) of sweeps that have not ended kept"
        }
        if removed.freeBytes > 0 {
            text += "; \(SweepPlanText.bytes(Double(removed.freeBytes))) in the file are free for new runs"
        }
        try Terminal.print(sentences: text)
    }
}
