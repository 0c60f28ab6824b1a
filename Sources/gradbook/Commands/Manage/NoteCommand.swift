import ArgumentParser
import Experiments
import TextFormats
import Tracking

/// `gradbook note`: what a person thinks of a run.
struct NoteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Keep a note with a run or a sweep.",
        discussion: """
            What you thought of it, with the time; gradbook show prints it. \(RunReference.explanation)

            Examples:
              gradbook note best:chapter 'the first one that reaches the floor'
              gradbook note --sweep chapter 'repeat with smaller learning rates'
            """)

    @Argument(
        help: ArgumentHelp("The run, unless --sweep is given, and the text.", valueName: "run-and-text"),
        completion: Completions.runs)
    var words: [String]
    @Option(help: ArgumentHelp("The sweep that the note is on.", valueName: "name"), completion: Completions.sweeps)
    var sweep: String?
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        let wanted = sweep == nil ? 2 : 1
        guard words.count == wanted, words.last?.allSatisfy(\.isWhitespace) == false else {
            throw ValidationError(
                sweep == nil
                    ? "give a run and a text in quotes, such as: gradbook note last 'looks right'"
                    : "give one text in quotes, such as: gradbook note --sweep first 'looks right'")
        }
    }

    func run() throws {
        let store = try database.openForWriting()
        let text = words[words.count - 1]
        if let sweep {
            try store.notes.add(text, to: .sweep(store.sweeps.find(named: sweep).id))
            try Terminal.print(sentences: "sweep \(sweep): note added")
        } else {
            let run = try store.runs.find(meantBy: words[0])
            try store.notes.add(text, to: .run(run.id))
            try Terminal.print(sentences: "run \(run.id): note added")
        }
    }
}

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

/// `gradbook rename`: another name for a run or a sweep.
struct RenameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a run or a sweep another name.",
        discussion: """
            A name is any text but a whole number, and belongs to one run or one sweep. \(RunReference.explanation)

            Examples:
              gradbook rename 7 baseline
              gradbook rename --sweep chapter learning-rates
            """)

    @Argument(
        help: ArgumentHelp("The run, or with --sweep the sweep's present name.", valueName: "run-or-sweep"),
        completion: Completions.runsAndSweeps)
    var subject: String
    @Argument(help: "The new name.")
    var name: String
    @Flag(help: "Rename a sweep.")
    var sweep = false
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        try ExperimentRunner.checkName(name)
        let store = try database.openForWriting()
        if sweep {
            try store.sweeps.rename(store.sweeps.find(named: subject).id, to: name, provenance: .current)
            try Terminal.print(sentences: "sweep \(name)")
        } else {
            let run = try store.runs.find(meantBy: subject)
            try store.runs.rename(run.id, to: name)
            try Terminal.print(sentences: "run \(run.id): \(name)")
        }
    }
}
