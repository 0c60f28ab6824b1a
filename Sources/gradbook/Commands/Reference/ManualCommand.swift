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
