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
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let text = words[words.count - 1]
        try checkWords(text)
        let store = try dryRun.isOn ? database.openForReading() : database.openForWriting()
        let what = dryRun.isOn ? "a note would be added" : "note added"
        if let sweep {
            let id = try store.sweeps.find(named: sweep).id
            if !dryRun.isOn { try store.notes.add(text, to: .sweep(id)) }
            try Terminal.print(sentences: "sweep \(sweep): \(what)")
        } else {
            let runs = try store.finder.runs(words.dropLast()).map(\.id)
            if !dryRun.isOn { try store.notes.add(text, to: runs.map { .run($0) }) }
            try Terminal.print(sentences: "\(runs.runsInWords): \(what)")
        }
    }

    private func checkWords(_ text: String) throws {
        let isBlank = text.allSatisfy(\.isWhitespace)
        if let sweep {
            guard words.count > 1 || isBlank else { return }
            let command = CommandText("note", [isBlank ? "looks right" : text], options: [.init("sweep", sweep)])
            throw ValidationError("give one text in quotes, such as: \(command.spelled)")
        }
        guard words.count > 1, !isBlank else {
            let isRun = words.count > 1 || database.hasRuns(words[0])
            let command = CommandText("note", isRun ? [words[0], "looks right"] : ["last", words[0]])
            throw ValidationError("give a run and a text in quotes, such as: \(command.spelled)")
        }
        guard Int64(text) == nil else {
            let command = CommandText("note", words + ["looks right"])
            throw ValidationError(
                "'\(text)' is no note: a whole number means a run; give a text in quotes, such as: \(command.spelled)")
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
    @OptionGroup var dryRun: DryRunOption
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        guard words.count > 1 || !removed.isEmpty else {
            let isRun = database.hasRuns(words[0])
            let command = CommandText("tag", isRun ? [words[0], "baseline"] : ["last", words[0]])
            throw ValidationError("give \(isRun ? "a tag" : "a run and a tag"), such as: \(command.spelled)")
        }
        let (references, tags) = parts
        for tag in tags { try ExperimentRunner.checkTag(tag) }
        let store = try dryRun.isOn ? database.openForReading() : database.openForWriting()
        let runs = try store.finder.runs(references).map(\.id)
        for tag in tags { try checkIsNoName(tag, behind: references, in: store) }
        let present: Set<String> =
            try removed.isEmpty ? [] : Set(store.notes.tags(ofRuns: Set(runs)).map(\.tag))
        if let tag = Set(removed).subtracting(present).min() {
            throw TrackingError(
                .notFound,
                runs.count == 1 ? "run \(runs[0]) has no tag '\(tag)'" : "none of the runs has the tag '\(tag)'")
        }
        let changes = { (added: String, taken: String) in
            [(tags, added), (removed, taken)].filter { !$0.0.isEmpty }
                .map { "\($0.0.joined(separator: ", ")) \($0.1)" }.joined(separator: ", ")
        }
        guard !dryRun.isOn else {
            return try Terminal.print(
                sentences: "\(runs.runsInWords): \(changes("would be added", "would be removed"))")
        }
        try store.notes.changeTags(ofRuns: runs, adding: tags, removing: removed)
        let left = runs.count == 1 ? try store.notes.tags(ofRun: runs[0]).joined(separator: ", ") : ""
        try Terminal.print(sentences: "\(runs.runsInWords): \(left.isEmpty ? changes("added", "removed") : left)")
    }

    /// Refuses as a tag what more likely is another run to tag.
    private func checkIsNoName(_ word: String, behind references: [String], in store: Store) throws {
        guard let holder = try store.holder(ofName: word) else { return }
        let isRun = if case .run = holder { true } else { false }
        // One that is deleted can be no further run to tag.
        if isRun, (try? store.finder.runs(["run:\(word)"])) == nil { return }
        let list = (references + [word]).joined(separator: ",")
        // A comma in a filter parts its values.
        let isPlain = !references.contains(where: RunReference.mayBeFilter)
        throw ValidationError(
            "'\(word)' is a \(isRun ? "run" : "sweep"); to tag it, too, "
                + (isPlain ? "put a comma: \(list.quotedForShell)" : "give a command of its own"))
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
            A name belongs to one run or one sweep. Refused is what means something else: whole numbers, ranges, filters, \
            run-3, the words last, best, noise, run, sweep, not, and, or, a colon, a - in front, and blanks at the ends. \
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
            if case .sweep? = try store.holder(ofName: subject) {
                let command = CommandText("rename", [subject, name], options: [.init("sweep")])
                throw ValidationError("'\(subject)' is a sweep; \(command.spelled) renames it")
            }
            let run = try store.finder.run(subject)
            try store.runs.rename(run.id, to: name)
            try Terminal.print(sentences: "run \(run.id): \(name)")
        }
    }
}

extension DatabaseOptions {
    /// Whether a word names runs: by its form, or because the notebook has some of this name.
    fileprivate func hasRuns(_ word: String) -> Bool {
        if RunReference.isCertain(word) { return true }
        return (try? openForReading().finder.runs([word])) != nil
    }
}
