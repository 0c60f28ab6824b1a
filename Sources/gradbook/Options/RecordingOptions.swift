import ArgumentParser
import Experiments
import Tracking

/// The notebook a command records into, and how carefully.
struct RecordingOptions: ParsableArguments {
    @Option(
        help: """
            How often rows are committed: step (each one), batch (ten times a second), power-safe (as batch, and each \
            commit is on the disk before the next).
            """)
    var durability = Durability.batch
    @OptionGroup var database: DatabaseOptions

    /// Lets `body` record into the notebook; everything it recorded is committed afterwards, also when it fails.
    func withNotebook<Result>(mustExist: Bool = false, _ body: (Notebook) throws -> Result) throws -> Result {
        let store = try database.openForWriting(mustExist: mustExist, durability: durability)
        // Not left to the store's end: what is still alive when the process exits is never ended.
        defer { store.close() }
        let notebook = Notebook(store, origin: .current, clock: Clock.nanoseconds)
        do {
            let result = try body(notebook)
            try notebook.close()
            return result
        } catch {
            // The first error is the one to tell; closing can only repeat it.
            try? notebook.close()
            throw error
        }
    }
}

extension Durability: ExpressibleByArgument {}
