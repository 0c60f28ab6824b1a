/// Every command on one page for `man`.
struct ManualPage {
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
