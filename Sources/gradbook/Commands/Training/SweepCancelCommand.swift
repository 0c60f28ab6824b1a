import ArgumentParser
import Experiments
import TextFormats
import Tracking

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
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForWriting()
        defer { store.close() }
        let sweep = try store.sweeps.find(named: name)
        guard sweep.state != .done else {
            Terminal.printError("\(name): nothing to cancel, every run has ended")
            return
        }
        let count = try store.sweeps.cancel(sweep.id)
        Terminal.printError(
            "\(name): \(count.counted("run")) cancelled; gradbook sweep retry \(name.quotedForShell) --state cancelled queues them again"
        )
    }
}
