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
            and only gradbook gc removes them for good. \(RunReference.explanationOfSeveral)

            Examples:
              gradbook delete 7 best:cars
              gradbook delete 'state=diverged lr>1' --dry-run
              gradbook delete --sweep cars
            """)

    @Argument(help: ArgumentHelp("The runs.", valueName: "run"), completion: Completions.runsAndSweeps)
    var references: [String] = []
    @Option(help: ArgumentHelp("All runs of this sweep.", valueName: "name"), completion: Completions.sweeps)
    var sweep: String?
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard !references.isEmpty || sweep != nil else {
            throw ValidationError("delete needs to know what; give runs, or --sweep NAME")
        }
    }

    func run() throws {
        let store = try dryRun.isOn ? database.openForReading() : database.openForWriting()
        var ids = references.isEmpty ? [] : try store.finder.runs(references).map(\.id)
        if let sweep { ids += try store.runs.all(ofSweep: store.sweeps.find(named: sweep).id).map(\.id) }
        ids = Set(ids).sorted()
        if dryRun.isOn {
            _ = try store.runs.deletable(ids) { $0.isAlive }
            return try Terminal.print(sentences: "\(ids.runsInWords) would be deleted")
        }
        try store.runs.delete(ids) { $0.isAlive }
        Terminal.printNote(ids.count == 1 ? "run \(ids[0]) deleted" : "\(ids.count.counted("run")) deleted")
    }
}

/// `gradbook restore`: bring deleted runs back.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring deleted runs back.",
        discussion: """
            Runs are named as for gradbook delete; gradbook runs --deleted lists those that can be brought back.

            Examples:
              gradbook delete 7 && gradbook restore 7
              gradbook delete --sweep cars && gradbook restore --sweep cars
            """)

    @Argument(help: ArgumentHelp("The runs.", valueName: "run"))
    var references: [String] = []
    @Option(
        help: ArgumentHelp("All deleted runs of this sweep.", valueName: "name"), completion: Completions.sweeps)
    var sweep: String?
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard !references.isEmpty || sweep != nil else {
            throw ValidationError("restore needs to know what; give runs, or --sweep NAME")
        }
    }

    func run() throws {
        let store = try dryRun.isOn ? database.openForReading() : database.openForWriting()
        var ids = references.isEmpty ? [] : try store.finder.ofDeleted.runs(references).map(\.id)
        if let sweep {
            let id = try store.sweeps.find(named: sweep).id
            ids += try store.runs.deleted().filter { $0.sweepID == id }.map(\.id)
        }
        ids = Set(ids).sorted()
        guard !dryRun.isOn else { return try Terminal.print(sentences: "\(ids.runsInWords) would be restored") }
        try store.runs.restore(ids)
        Terminal.printNote(ids.count == 1 ? "run \(ids[0]) restored" : "\(ids.count.counted("run")) restored")
    }
}
