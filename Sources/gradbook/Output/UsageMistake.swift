import ArgumentParser
import TextFormats

/// What a person is told of a command line that makes no sense: what the parser or the command says of it, with the nearest
/// name that the command typed really has, and the command whose help says more.
struct UsageMistake {
    let sentence: String

    /// Takes the message of the parser, or of a command, and the words that were typed behind the program's name.
    ///
    /// What the words themselves show comes first: a command with an unknown option was not understood, whatever else it lacks.
    init(_ message: String, words: [String]) {
        guard let typed = try? TypedCommand(words) else {
            sentence = "\(Self.onOneLine(message)); see gradbook --help"
            return
        }
        sentence =
            typed.optionsBeforeCommand ?? typed.commandAsSweep ?? typed.mistyped(saying: message)
            ?? "\(Self.clause(message, typed, words)); see \(typed.described.path) --help"
    }

    /// What is wrong with words that the parser answers with help; nil where somebody asked for help.
    ///
    /// The parser takes the letters of `-dash` one by one, and `sweep list` for the sweep of that name.
    init?(ofHelp words: [String]) {
        guard let typed = try? TypedCommand(words) else { return nil }
        if let sentence = typed.commandAsSweep {
            self.sentence = sentence
        } else if let option = typed.unknownOption, !words.contains(where: TypedCommand.asksForHelp) {
            sentence = "\(typed.refusal(of: option)); see \(typed.described.path) --help"
        } else {
            return nil
        }
    }

    /// The message as a part of a sentence.
    private static func clause(_ message: String, _ typed: TypedCommand, _ words: [String]) -> String {
        if let hint = dashHint(for: message, words) { return "\(onOneLine(message)); \(hint)" }
        if let option = typed.unknownOption ?? unknownOption(in: message) { return typed.refusal(of: option) }
        let message = onOneLine(message)
        return typed.refusedValue(in: message) ?? message
    }

    private static func onOneLine(_ message: String) -> String {
        let line = message.split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) }
            .joined(separator: " ")
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }

    /// How a value with a dash in front is given, such as a column's name, if one stands behind the option without a value.
    private static func dashHint(for message: String, _ words: [String]) -> String? {
        let begin = "Missing value for '"
        guard message.hasPrefix(begin),
            let option = message.dropFirst(begin.count).split(whereSeparator: { $0 == " " || $0 == "'" }).first,
            let place = words.firstIndex(of: String(option)), place + 1 < words.count
        else { return nil }
        let value = words[place + 1]
        guard value.hasPrefix("-"), !value.hasPrefix("--"), value.count > 1 else { return nil }
        return "if '\(value.visible)' is its value, write \(option)=\(value.quotedForShell)"
    }

    /// What the parser calls an option that the command does not have; it guesses what was meant among all names, hidden and
    /// former ones too, and by so many letters that `--foo` is near `--db`.
    private static func unknownOption(in message: String) -> OptionWord? {
        let begin = "Unknown option '"
        guard message.hasPrefix(begin) else { return nil }
        let rest = message.dropFirst(begin.count)
        let ends = ["'. Did you mean '", "' or: Missing value for '"].compactMap { rest.firstRange(of: $0)?.lowerBound }
        return (ends.min() ?? rest.lastIndex(of: "'")).flatMap { OptionWord(String(rest[..<$0])) }
    }
}
