import ArgumentParser

/// `gradbook manual`: the help of all commands on one page.
struct ManualCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case man, markdown
    }

    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the help of all commands as one page.",
        discussion: """
            As a page for man, which finds it in ~/.local/share/man/man1, or as Markdown.

            Examples:
              gradbook manual > gradbook.1
              gradbook manual --format markdown > commands.md
            """)

    @Option(help: "How the page is written.")
    var format = Format.man

    func run() throws {
        let program = try CommandDescription.program()
        let groups = Gradbook.configuration.groupedSubcommands.map { group in
            let names = group.subcommands.map { $0._commandName }
            return (name: group.name, commands: program.children.filter { names.contains($0.commandName) })
        }
        let text =
            switch format {
            case .man: ManualPage(program: program, groups: groups).text
            case .markdown: CommandReference(program: program, groups: groups).text
            }
        try Terminal.write(Array(text.utf8))
    }
}

/// Every command on one page for `man`.
private struct ManualPage {
    let program: CommandDescription
    let groups: [(name: String, commands: [CommandDescription])]

    var text: String {
        let name = program.commandName
        var lines = [
            ".TH \(name.uppercased()) 1 \"\" \"\(name) \(Version.current)\" \"User Commands\"",
            ".SH NAME", "\(name) \\- \(Self.escaped(program.abstract ?? ""))",
            ".SH SYNOPSIS", ".B \(name)", Self.line("<subcommand> [options]"),
            ".SH DESCRIPTION",
        ]
        lines += Self.paragraphs(program.paragraphs + ["Every command knows --help."])
        lines += Self.code(program.examples)
        for group in groups {
            lines.append(".SH \(group.name.uppercased())")
            lines += group.commands.flatMap(\.withDescendants).flatMap(Self.section)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(on command: CommandDescription) -> [String] {
        var lines = [".SS \(escaped(command.path))", line(command.abstract ?? "")]
        lines += code([command.usage]) + paragraphs(command.paragraphs) + code(command.examples)
        lines += command.positionals.flatMap(item)
        for (title, arguments) in command.options {
            if let title { lines += [".PP", line("\(title):")] }
            lines += arguments.flatMap(item)
        }
        return lines
    }

    private static func item(_ argument: CommandDescription.Argument) -> [String] {
        [".TP", ".B \(escaped(argument.synopsis))", line(argument.explanation)]
    }

    private static func paragraphs(_ texts: [String]) -> [String] {
        texts.flatMap { [".PP", line($0)] }
    }

    private static func code(_ lines: [String]) -> [String] {
        lines.isEmpty ? [] : [".PP", ".RS 4", ".nf"] + lines.map(line) + [".fi", ".RE"]
    }

    /// A line of text, which no request can be taken for.
    private static func line(_ text: String) -> String {
        let text = escaped(text)
        return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&\(text)" : text
    }

    /// Characters that roff would take for its own, or draw as typographic ones.
    private static func escaped(_ text: String) -> String {
        let signs: [Character: String] = [
            "\\": "\\e", "-": "\\-", "'": "\\(aq", "\"": "\\(dq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
        ]
        return text.map { signs[$0] ?? String($0) }.joined()
    }
}

/// Every command on one page of Markdown.
private struct CommandReference {
    let program: CommandDescription
    let groups: [(name: String, commands: [CommandDescription])]

    var text: String {
        var blocks = [
            "# Command reference",
            "What `gradbook --help` and the help of every command say, on one page.",
            "## Overview",
        ]
        blocks += program.paragraphs.map(Self.prose)
        blocks.append(
            "Every command knows `--help`. This page is written by `make reference`, and tested against the program.")
        for group in groups {
            blocks.append("## \(group.name)")
            blocks += group.commands.flatMap(\.withDescendants).flatMap(Self.section)
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private static func section(on command: CommandDescription) -> [String] {
        var blocks = [
            "### \(command.path)", prose(command.abstract ?? ""), fenced([command.usage], "text"),
        ]
        blocks += command.paragraphs.map(prose)
        if !command.examples.isEmpty { blocks.append(fenced(command.examples, "sh")) }
        if !command.positionals.isEmpty { blocks.append(list(command.positionals)) }
        for (title, arguments) in command.options {
            if let title { blocks.append("\(title):") }
            blocks.append(list(arguments))
        }
        return blocks
    }

    private static func list(_ arguments: [CommandDescription.Argument]) -> String {
        arguments.map { "- `\($0.synopsis)`: \(prose($0.explanation))" }.joined(separator: "\n")
    }

    private static func fenced(_ lines: [String], _ language: String) -> String {
        "```\(language)\n\(lines.joined(separator: "\n"))\n```"
    }

    /// Text with everything that a person types, or that Markdown would take for its own, as code.
    private static func prose(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            let opening = word.prefix { "(\"'".contains($0) }
            let rest = word.dropFirst(opening.count)
            let end = rest.lastIndex { !".,;:\"'".contains($0) && ($0 != ")" || rest.contains("(")) }
            let core = end.map { rest[...$0] } ?? ""
            guard core.count > 1, core.hasPrefix("--") || core.contains(where: { "=*^<>~@_|#[]:".contains($0) }) else {
                return String(word)
            }
            return "\(opening)`\(core)`\(rest.dropFirst(core.count))"
        }.joined(separator: " ")
    }
}
