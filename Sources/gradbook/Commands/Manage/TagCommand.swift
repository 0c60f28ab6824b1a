import ArgumentParser
import Experiments
import TextFormats
import Tracking

/// `gradbook tag`: words by which runs are found again.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Put tags on a run, or take them off.",
        discussion: """
            Tags are words to find runs by: gradbook runs tag=keep. \(RunReference.explanation)

            Examples:
              gradbook tag 7 baseline keep
              gradbook tag 7 --remove keep
            """)

    @Argument(help: ArgumentHelp("The run.", valueName: "run"), completion: Completions.runs)
    var reference: String
    @Argument(help: ArgumentHelp("Tags to put on.", valueName: "tag"))
    var tags: [String] = []
    @Option(
        name: .customLong("remove"), parsing: .singleValue,
        help: ArgumentHelp("A tag to take off; repeat for more.", valueName: "tag"))
    var removed: [String] = []
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard !(tags.isEmpty && removed.isEmpty) else { throw ValidationError("give a tag, such as baseline") }
    }

    func run() throws {
        for tag in tags { try ExperimentRunner.checkWords(tag) }
        let store = try database.openForWriting()
        let run = try store.runs.find(meantBy: reference)
        let missing = Set(removed).subtracting(try store.notes.tags(ofRun: run.id)).sorted()
        if let tag = missing.first {
            throw TrackingError(.notFound, "run \(run.id) has no tag '\(tag)'")
        }
        _ = try store.notes.removeTags(removed, fromRun: run.id)
        try store.notes.addTags(tags, toRun: run.id)
        try Terminal.print(sentences: "run \(run.id): \(store.notes.tags(ofRun: run.id).joined(separator: ", "))")
    }
}
