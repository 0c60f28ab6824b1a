import ArgumentParser
import TextFormats

/// What a person is told of a command line that makes no sense: what the parser or the command says of it, with the nearest
/// name that the command typed really has, and the command whose help says more.
struct UsageMistake {
    let sentence: String

    /// Takes the message of the parser, or of a command, and the words that were typed behind the program's name.
    init(_ message: String, words: [String]) {
        guard let typed = try? TypedCommand(words) else {
            sentence = "\(Self.clause(message)); see gradbook --help"
            return
        }
        if let mistyped = typed.mistyped(saying: message) {
            sentence = mistyped
        } else {
            sentence = "\(Self.clause(message, typed)); see \(typed.described.path) --help"
        }
    }

    /// The message as a part of a sentence, on one line.
    private static func clause(_ message: String, _ typed: TypedCommand? = nil) -> String {
        var message = message.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
            .joined(separator: " ")
        if let typed, let option = unknownOption(in: message) {
            return "Unknown option '\(option)'\(typed.hint(for: option))"
        }
        if message.hasSuffix(".") { message.removeLast() }
        return message
    }

    /// What the parser calls an option that the command does not have; it guesses what was meant among all names, hidden and
    /// former ones too, and by so many letters that `--foo` is near `--db`.
    private static func unknownOption(in message: String) -> String? {
        let begin = "Unknown option '"
        guard message.hasPrefix(begin) else { return nil }
        let rest = message.dropFirst(begin.count)
        let ends = ["'. Did you mean '", "' or: Missing value for '"].compactMap { rest.firstRange(of: $0)?.lowerBound }
        return (ends.min() ?? rest.lastIndex(of: "'")).map { String(rest[..<$0]) }
    }
}

/// The command that was typed, as far as its words are those of commands.
private struct TypedCommand {
    /// The group of commands or the command that the words lead to.
    private let command: CommandDescription
    /// What stands where a command's name could.
    private let next: String?

    init(_ words: [String]) throws {
        var command = try CommandDescription.program()
        var rest = words[...]
        while let word = rest.first, let child = command.child(named: word) {
            command = child
            rest.removeFirst()
        }
        self.command = command
        next = rest.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
    }

    /// Whose help says more: of a group the command that is meant without a name.
    var described: CommandDescription { command.standardChild ?? command }

    /// The sentence on a word that is no name of a command, if that is what is wrong.
    ///
    /// Where another word may stand in its place, such as the name of a new sweep, it has to be near a command's name, and the
    /// parser must have found one word too many.
    func mistyped(saying message: String) -> String? {
        let names = command.children.map(\.commandName)
        guard let next, !names.isEmpty else { return nil }
        let hint = NearestName.hint(for: next, among: names)
        if command.standardChild != nil {
            guard !hint.isEmpty, message.hasPrefix("Unexpected argument") || message.contains("unexpected arguments")
            else { return nil }
        }
        return "there is no command '\(command.path) \(next)'\(hint); see \(command.path) --help"
    }

    /// The option of the command that was probably meant, as a hint in parentheses, or nothing.
    func hint(for option: String) -> String {
        let typed = option.hasPrefix("--") ? option : "-\(option)"
        return NearestName.hint(for: typed, among: described.longFlags)
    }
}

extension CommandDescription {
    /// The flags that the help shows, as they are typed.
    fileprivate var longFlags: [String] {
        options.flatMap(\.arguments).compactMap(\.preferredName).filter { $0.kind == "long" }.map { "--\($0.name)" }
            + ["--help"]
    }
}
