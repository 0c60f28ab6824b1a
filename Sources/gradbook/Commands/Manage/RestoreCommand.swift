import ArgumentParser
import TextFormats
import Tracking

/// `gradbook restore`: bring deleted runs back.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring deleted runs back.",
        discussion: """
            A run is named by its id or its name; gradbook runs --deleted lists those that can be brought back.

            Examples:
              gradbook delete 7 && gradbook restore 7
              gradbook delete --sweep cars && gradbook restore --sweep cars
            """)

    @Argument(help: ArgumentHelp("The runs.", valueName: "run"))
    var references: [String] = []
    @Option(
        help: ArgumentHelp("All deleted runs of this sweep.", valueName: "name"), completion: Completions.sweeps)
    var sweep: String?
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard !references.isEmpty || sweep != nil else {
            throw ValidationError("restore needs to know what; give runs, or --sweep NAME")
        }
    }

    func run() throws {
        let store = try database.openForWriting()
        defer { store.close() }
        var ids = try references.map { try store.runs.findDeleted(meantBy: $0).id }
        if let sweep {
            let id = try store.sweeps.find(named: sweep).id
            ids += try store.runs.deleted().filter { $0.sweepID == id }.map(\.id)
        }
        ids = Set(ids).sorted()
        try store.runs.restore(ids)
        Terminal.printError(ids.count == 1 ? "run \(ids[0]) restored" : "\(ids.count.counted("run")) restored")
    }
}
