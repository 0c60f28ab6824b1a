import ArgumentParser
import Foundation

/// A command as its help describes it: the one source of the manual page and of the command reference.
struct CommandDescription: Decodable {
    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let shouldDisplay: Bool
        let sectionTitle: String?
        let isOptional: Bool
        let isRepeating: Bool
        let names: [Name]?
        let preferredName: Name?
        let valueName: String?
        let abstract: String?
        let allValues: [String]?
        let defaultValue: String?
    }

    let commandName: String
    let abstract: String?
    private let discussion: String?
    private let superCommands: [String]?
    private let arguments: [Argument]?
    private let shouldDisplay: Bool
    private let subcommands: [CommandDescription]?
    private let defaultSubcommand: String?

    /// All of the program, with every command.
    static func program() throws -> CommandDescription {
        struct Dump: Decodable { let command: CommandDescription }
        return try JSONDecoder().decode(Dump.self, from: Data(Gradbook._dumpHelp().utf8)).command
    }

    // MARK: - Parts

    /// As it is typed, `gradbook sweep status`.
    var path: String { ((superCommands ?? []) + [commandName]).joined(separator: " ") }

    /// How it is called, `gradbook sweep status [options] <name>`.
    var usage: String {
        guard children.isEmpty else { return "\(path) <subcommand>" }
        let values = positionals.map { argument in
            let text = argument.synopsis + (argument.isRepeating ? " ..." : "")
            return argument.isOptional ? "[\(text)]" : text
        }
        return ([path] + (options.isEmpty ? [] : ["[options]"]) + values).joined(separator: " ")
    }

    /// What it is for, a paragraph each.
    var paragraphs: [String] { blocks.filter { !$0.hasPrefix(Self.examplesMark) } }

    /// Lines to type; one that ends with `\` continues in the next.
    var examples: [String] {
        blocks.first { $0.hasPrefix(Self.examplesMark) }?.split(separator: "\n").dropFirst()
            .map { String($0.dropFirst(2)) } ?? []
    }

    /// The commands below this one; a group of commands is no command itself.
    var children: [CommandDescription] {
        (subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
    }

    /// The command of this name below this one, also one that the help does not show.
    func child(named name: String) -> CommandDescription? {
        (subcommands ?? []).first { $0.commandName == name }
    }

    /// The command that is meant where none below this one is named.
    var standardChild: CommandDescription? { defaultSubcommand.flatMap(child) }

    /// This command and all below it, in the order of the help.
    var withDescendants: [CommandDescription] { [self] + children.flatMap(\.withDescendants) }

    /// The values without a flag.
    var positionals: [Argument] { (arguments ?? []).filter { $0.shouldDisplay && $0.kind == "positional" } }

    /// The flags under their titles, in the order of the help, where those without a title come last.
    var options: [(title: String?, arguments: [Argument])] {
        let everywhere: Set<String> = ["help", "version"]
        let flags = (arguments ?? []).filter {
            $0.shouldDisplay && $0.kind != "positional" && !everywhere.contains($0.preferredName?.name ?? "")
        }
        var titles: [String?] = []
        for flag in flags where flag.sectionTitle != nil && !titles.contains(flag.sectionTitle) {
            titles.append(flag.sectionTitle)
        }
        return (titles + [nil]).map { title in (title, flags.filter { $0.sectionTitle == title }) }
            .filter { !$0.arguments.isEmpty }
    }

    /// The option of this name without dashes, also one that the help does not show.
    func argument(named name: String) -> Argument? {
        (arguments ?? []).first { ($0.names ?? []).contains { $0.name == name } }
    }

    private static let examplesMark = "Examples:"

    private var blocks: [String] {
        (discussion ?? "").components(separatedBy: "\n\n").filter { !$0.isEmpty }
    }
}

extension CommandDescription.Argument {
    /// As it is typed, `--lr <rate>` or `<run>`.
    var synopsis: String {
        let value = "<\(valueName ?? "value")>"
        guard let preferredName else { return value }
        let flag = "--\(preferredName.name)"
        return kind == "flag" ? flag : "\(flag) \(value)"
    }

    /// What the help says of it.
    var explanation: String {
        var facts: [String] = []
        if let allValues, !allValues.isEmpty { facts.append("values: \(allValues.joined(separator: ", "))") }
        if let defaultValue { facts.append("default: \(defaultValue)") }
        return (abstract ?? "") + (facts.isEmpty ? "" : " (\(facts.joined(separator: "; ")))")
    }
}
