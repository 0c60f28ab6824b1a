/// Every command on one page of Markdown.
struct CommandReference {
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
