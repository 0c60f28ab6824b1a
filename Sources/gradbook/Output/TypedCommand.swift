import ArgumentParser
import Experiments
import TextFormats

/// The command that was typed, as far as its words are those of commands, and the words behind it.
struct TypedCommand {
    /// With every command.
    private let program: CommandDescription
    /// The group of commands or the command that the words lead to.
    private let command: CommandDescription
    private let rest: [String]

    init(_ words: [String]) throws {
        self.init(words, in: try CommandDescription.program())
    }

    private init(_ words: [String], in program: CommandDescription) {
        var command = program
        var rest = words[...]
        while let word = rest.first, let child = command.child(named: word) {
            command = child
            rest.removeFirst()
        }
        self.program = program
        self.command = command
        self.rest = Array(rest)
    }

    /// Whose help says more: of a group the command that is meant without a name.
    var described: CommandDescription { command.standardChild ?? command }

    /// What stands where a command's name could.
    private var next: String? { rest.first.flatMap { $0.hasPrefix("-") ? nil : $0 } }

    static func asksForHelp(_ word: String) -> Bool {
        ["-h", "--help", "--help-hidden", "--version", "help"].contains(word) || word.hasPrefix("--generate-")
            || word.hasPrefix("--experimental-")
    }

    // MARK: - Words

    /// The first option that the command does not have, with what was given to it.
    var unknownOption: OptionWord? {
        var index = 0
        while index < rest.count, rest[index] != "--" {
            defer { index += 1 }
            guard var option = OptionWord(rest[index]), !Self.asksForHelp(rest[index]) else { continue }
            let following = index + 1 < rest.count ? rest[index + 1] : nil
            guard let known = described.argument(of: option) else {
                if option.value == nil, let following, OptionWord(following) == nil { option.value = following }
                return option
            }
            // The word behind it is its value, whatever it looks like.
            if known.kind == "option", option.value == nil { index += 1 }
        }
        return nil
    }

    /// The sentence on options that stand before the name of their command.
    var optionsBeforeCommand: String? {
        guard let first = rest.first, let option = OptionWord(first), !command.children.isEmpty else { return nil }
        for index in rest.indices.dropFirst() where command.child(named: rest[index]) != nil {
            // Behind two dashes everything is a name.
            let end = rest[index...].firstIndex(of: "--") ?? rest.endIndex
            let words = Array(rest[index..<end] + rest[..<index] + rest[end...])
            let meant = TypedCommand(command.words + words, in: program)
            guard let known = meant.described.argument(of: option) else { continue }
            let isItsValue = index == 1 && known.kind == "option" && option.value == nil
            guard !isItsValue, meant.unknownOption == nil else { continue }
            return
                "'\(option.typed)' stands before the command, and options stand behind it; write "
                + (["gradbook"] + command.words + words).map(\.quotedForShell).joined(separator: " ")
        }
        return nil
    }

    /// The sentence on the name of another command, or of one of `gradbook sweep`, in the place of a sweep's.
    var commandAsSweep: String? {
        let sweep = SweepCommand.configuration.commandName ?? ""
        guard command.words.first == sweep else { return nil }
        if command.words.count == 1, let next, SweepCommand.isElsewhere(next) {
            return SweepCommand.refusal(of: next, for: Array(rest.dropFirst().prefix { !$0.hasPrefix("-") }))
        }
        // As in `sweep best --lr 0.1`, where `best` was to be a name.
        guard command.words.count == 2, let word = rest.first, let option = OptionWord(word),
            described.argument(of: option) == nil,
            TypedCommand([sweep], in: program).described.argument(of: option) != nil
        else { return nil }
        return SweepCommand.refusal(of: command.commandName)
    }

    /// The sentence on a word that is no name of a command, if that is what is wrong.
    ///
    /// Where another word may stand in its place, such as the name of a new sweep, it has to be near a command's name, and the
    /// parser must have found one word too many.
    func mistyped(saying message: String) -> String? {
        let names = command.children.map(\.commandName)
        guard let next, !names.isEmpty else { return nil }
        let usual = UsualSpellings.commands[next].flatMap { names.contains($0) ? $0 : nil }
        let hint = usual.map { " (did you mean '\($0)'?)" } ?? NearestName.hint(for: next, among: names)
        if command.standardChild != nil {
            guard !hint.isEmpty, message.hasPrefix("Unexpected argument") || message.contains("unexpected arguments")
            else { return nil }
        }
        return "there is no command '\(command.path) \(next)'\(hint); see \(command.path) --help"
    }

    // MARK: - Options

    /// That the command does not have the option, with the one that was probably meant.
    func refusal(of option: OptionWord) -> String { "Unknown option '\(option.typed)'\(hint(for: option))" }

    /// The option of the command that was probably meant, as a hint in parentheses, or nothing.
    private func hint(for option: OptionWord) -> String {
        let flags = described.longFlags
        let path = described.path
        if ["gradbook delete", "gradbook restore"].contains(path), UsualSpellings.consent.contains(option.name) {
            return " (\(path) asks nothing, and needs none)"
        }
        if let meant = assignment(for: option) { return " (did you mean '\(meant)'?)" }
        if let format = described.argument(named: "format"), format.allValues?.contains(option.name) == true {
            return " (did you mean '--format \(option.name)'?)"
        }
        if let meant = UsualSpellings.options[option.name]?.first(where: flags.contains) {
            return " (did you mean '--\(meant)'?)"
        }
        // One letter is near every other one, and a word is not near its opposite.
        let candidates = flags.filter { "un\($0)" != option.name && "no-\($0)" != option.name }
        guard option.name.count > 1 else { return "" }
        return NearestName.hint(for: option.name, among: candidates).replacing("mean '", with: "mean '--")
    }

    /// What is typed to set what the option is named after, where that is no option.
    private func assignment(for option: OptionWord) -> String? {
        let value = option.value.map(\.quotedForShell) ?? "VALUE"
        if described.path == "gradbook fork" {
            return UsualSpellings.setting(option.name).flatMap {
                RunSetting.named($0)?.canChangeInFork ?? true ? "\($0)=\(value)" : nil
            }
        }
        guard described.longFlags.contains("set"), let name = UsualSpellings.hyperparameter(option.name) else {
            return nil
        }
        return "--set \(name)=\(option.value == nil && UsualSpellings.isFlag(name) ? "true" : value)"
    }

    /// What is to be said instead of the parser's sentence on a value that an option cannot have.
    func refusedValue(in message: String) -> String? {
        let begin = "The value '"
        let middle = "' is invalid for '"
        guard message.hasPrefix(begin), let range = message.firstRange(of: middle) else { return nil }
        let value = message[..<range.lowerBound].dropFirst(begin.count)
        let name = message[range.upperBound...].prefix { $0 != " " && $0 != "'" }
        guard let option = OptionWord(String(name)), let argument = described.argument(of: option),
            let long = argument.preferredName?.name
        else { return nil }
        if let values = argument.allValues, !values.isEmpty {
            return "--\(long): '\(value)' is not one of \(values.joined(separator: ", "))"
        }
        let standard = argument.defaultValue
        let kind = standard?.contains(".") == true ? "number" : "whole number"
        return "--\(long): '\(value)' is not a \(kind); give for example \(standard ?? "5")"
    }
}

/// A word that looks like an option.
struct OptionWord: Equatable {
    /// With its dashes, without a value.
    let typed: String
    /// Without its dashes.
    let name: String
    /// What was given to it, if anything was.
    var value: String?

    /// Nil for other words, such as negative numbers.
    init?(_ word: String) {
        let begin = word.prefix { $0 == "-" }
        guard (1...2).contains(begin.count), word.dropFirst(begin.count).first?.isLetter == true else { return nil }
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        typed = String(parts[0])
        name = String(typed.dropFirst(begin.count))
        value = parts.count > 1 ? String(parts[1]) : nil
    }

    /// Whether the parser takes it for letters that are an option each.
    fileprivate var isShort: Bool { !typed.hasPrefix("--") }
}

extension CommandDescription {
    /// The words that lead to it, behind the program's name.
    fileprivate var words: [String] { path.split(separator: " ").dropFirst().map(String.init) }

    /// The flags that the help shows, without dashes.
    fileprivate var longFlags: [String] {
        options.flatMap(\.arguments).compactMap(\.preferredName).filter { $0.kind == "long" }.map(\.name) + ["help"]
    }

    /// The option of this name, also a hidden or a former one.
    fileprivate func argument(of option: OptionWord) -> Argument? {
        argument(named: option.isShort ? String(option.name.prefix(1)) : option.name)
    }
}
