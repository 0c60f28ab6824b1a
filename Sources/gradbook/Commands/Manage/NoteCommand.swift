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
            What you thought of it, with the time; gradbook show prints it. \(RunReference.explanationOfSeveral)

            Examples:
              gradbook note 3..5 'too few steps'
              gradbook note best:chapter 'the first one that reaches the floor'
              gradbook note --sweep chapter 'repeat with smaller learning rates'
            """)

    @Argument(
        help: ArgumentHelp("The runs, unless --sweep is given, and the text.", valueName: "run-and-text"),
        completion: Completions.runsAndSweeps)
    var words: [String]
    @Option(help: ArgumentHelp("The sweep that the note is on.", valueName: "name"), completion: Completions.sweeps)
    var sweep: String?
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        let isComplete = sweep == nil ? words.count > 1 : words.count == 1
        guard isComplete, words.last?.allSatisfy(\.isWhitespace) == false else {
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
            let runs = try store.finder.runs(words.dropLast()).map(\.id)
            try store.notes.add(text, to: runs.map { .run($0) })
            try Terminal.print(sentences: "\(runs.runsInWords): note added")
        }
    }
}

/// `gradbook tag`: words by which runs are found again.
struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag",
        abstract: "Put tags on runs, or take them off.",
        discussion: """
            Tags are words to find runs by: gradbook runs tag=keep. The first word is a run, and so are the ids, ranges, \
            filters, last, best:, run: and sweep: right behind it; what follows are tags. \(RunReference.explanationOfSeveral)

            Examples:
              gradbook tag 7 baseline keep
              gradbook tag 1 2 'state=diverged' look
              gradbook tag 7 --remove keep
            """)

    @Argument(
        help: ArgumentHelp("The runs, then the tags to put on.", valueName: "run-or-tag"),
        completion: Completions.runsAndSweeps)
    var words: [String]
    @Option(
        name: .customLong("remove"), parsing: .singleValue,
        help: ArgumentHelp("A tag to take off; repeat for more.", valueName: "tag"))
    var removed: [String] = []
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard words.count > 1 || !removed.isEmpty else {
            throw ValidationError("give a tag, such as: gradbook tag \(words[0].quotedForShell) baseline")
        }
    }

    func run() throws {
        let (references, tags) = parts
        for tag in tags { try ExperimentRunner.checkTag(tag) }
        let store = try database.openForWriting()
        let runs = try store.finder.runs(references).map(\.id)
        let present: Set<String> =
            try removed.isEmpty ? [] : Set(store.notes.tags(ofRuns: Set(runs)).map(\.tag))
        if let tag = Set(removed).subtracting(present).min() {
            throw TrackingError(
                .notFound,
                runs.count == 1 ? "run \(runs[0]) has no tag '\(tag)'" : "none of the runs has the tag '\(tag)'")
        }
        try store.notes.changeTags(ofRuns: runs, adding: tags, removing: removed)
        let now =
            runs.count == 1
            ? try store.notes.tags(ofRun: runs[0]).joined(separator: ", ")
            : [(tags, "added"), (removed, "removed")].filter { !$0.0.isEmpty }
                .map { "\($0.0.joined(separator: ", ")) \($0.1)" }.joined(separator: ", ")
        try Terminal.print(sentences: "\(runs.runsInWords): \(now)")
    }

    /// The words that name runs, and those behind them; without a tag to take off the last word is one to put on.
    private var parts: (references: [String], tags: [String]) {
        let most = removed.isEmpty ? words.count - 1 : words.count
        let count = words[1..<most].prefix { RunReference.isCertain($0) }.count + 1
        return (Array(words[..<count]), Array(words[count...]))
    }
}

/// `gradbook rename`: another name for a run or a sweep.
struct RenameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a run or a sweep another name.",
        discussion: """
            A name belongs to one run or one sweep. Refused is what means something else: whole numbers, ranges, run-3, the words \
            last, best, noise, all, not, and, or, the signs : = < > ~ ( ) and commas, a first - or #, and blanks at the ends. \
            \(RunReference.explanation)

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
        let isSweep = sweep || subject.hasPrefix(RunReference.sweepPrefix)
        if isSweep { try SweepCommand.checkName(name) }
        let store = try database.openForWriting()
        if isSweep {
            try store.sweeps.rename(store.sweeps.find(named: subject).id, to: name, provenance: .current)
            try Terminal.print(sentences: "sweep \(name)")
        } else {
            let run = try store.finder.run(subject)
            try store.runs.rename(run.id, to: name)
            try Terminal.print(sentences: "run \(run.id): \(name)")
        }
    }
}
