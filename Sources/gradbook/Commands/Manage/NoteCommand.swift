import ArgumentParser
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
