import ArgumentParser
import Experiments
import Tracking

/// The notebook a command records into, and how carefully.
struct RecordingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            When recorded steps are committed: step (after each one), batch (ten times a second) or power-safe (as batch, and \
            on the disk before the next).
            """, valueName: "when"))
    var durability = Durability.batch
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long a worker may be silent before its runs are given to others: 0.1 to 86400.", valueName: "seconds"))
    var lease = 30.0
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard (0.1...86_400).contains(lease) else {
            throw ValidationError(
                "--lease: '\(lease)' is not a number of seconds from 0.1 to 86400; give for example 30")
        }
    }

    /// Lets `body` record into the notebook; everything it recorded is committed afterwards, also when it fails.
    func withRunner<Result>(mustExist: Bool = false, _ body: (ExperimentRunner) throws -> Result) throws -> Result {
        let store = try database.openForWriting(mustExist: mustExist, durability: durability, lease: lease)
        // Not left to the store's end: what is still alive when the process exits is never ended.
        defer { store.close() }
        let runner = ExperimentRunner(recordingInto: store)
        do {
            let result = try body(runner)
            try runner.close()
            return result
        } catch {
            // The first error is the one to tell; closing can only repeat it.
            try? runner.close()
            throw error
        }
    }
}

extension Durability: ExpressibleByArgument {}
