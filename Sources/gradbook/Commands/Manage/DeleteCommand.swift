import ArgumentParser
import TextFormats
import Tracking

/// `gradbook delete`: hide runs.
struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Hide runs from listings, comparisons and reports.",
        discussion: """
            Nothing is lost: gradbook restore brings a run back, gradbook runs --deleted lists those that are deleted, \
            and only gradbook gc removes them for good. \(RunReference.explanation)

            Examples:
              gradbook delete 7 best:cars
              gradbook delete --sweep cars
            """)

    @Argument(help: ArgumentHelp("The runs.", valueName: "run"), completion: Completions.runs)
    var references: [String] = []
    @Option(help: ArgumentHelp("All runs of this sweep.", valueName: "name"), completion: Completions.sweeps)
    var sweep: String?
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard !references.isEmpty || sweep != nil else {
            throw ValidationError("delete needs to know what; give runs, or --sweep NAME")
        }
    }

    func run() throws {
        let store = try database.openForWriting()
        defer { store.close() }
        var ids = try references.map { try store.runs.find(meantBy: $0).id }
        if let sweep { ids += try store.runs.all(ofSweep: store.sweeps.find(named: sweep).id).map(\.id) }
        ids = Set(ids).sorted()
        try store.runs.delete(ids) { $0.isAlive }
        Terminal.printError(ids.count == 1 ? "run \(ids[0]) deleted" : "\(ids.count.counted("run")) deleted")
    }
}
