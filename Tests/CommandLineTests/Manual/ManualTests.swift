import Foundation
import TestSupport
import Testing

/// The pages that are made of the help of all commands.
///
/// `make reference` writes the page of Markdown.
@Suite(.timeLimit(.minutes(5)))
struct ManualTests {
    private static let reference = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Sources/gradbook/gradbook.docc/Commands.md").standardized

    @Test
    func `the command reference says what the program says`() throws {
        let page = try Scratch().gradbook("manual", "--format", "markdown").output
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try Data(page.utf8).write(to: Self.reference)
        }

        #expect(try String(contentsOf: Self.reference, encoding: .utf8) == page, "`make reference` writes it")
    }

    @Test(arguments: [("man", ".SS "), ("markdown", "### ")])
    func `every command has its section`(format: String, heading: String) throws {
        let lines = Set(try Scratch().gradbook("manual", "--format", format).output.components(separatedBy: "\n"))

        for entry in try CommandTree.entries.get() where !entry.path.isEmpty {
            #expect(lines.contains(heading + (["gradbook"] + entry.path).joined(separator: " ")))
        }
    }

    @Test
    func `the manual page says what every command does, and has all its options`() throws {
        let sections = try Scratch().gradbook("manual").output.components(separatedBy: "\n.SS ")

        for entry in try CommandTree.entries.get() where !entry.path.isEmpty {
            let heading = (["gradbook"] + entry.path).joined(separator: " ") + "\n"
            let section = try #require(sections.first { $0.hasPrefix(heading) }, "\(entry.name)")
            #expect(section.hasPrefix(heading + Self.escaped(entry.command.abstract ?? "") + "\n.PP\n"))
            for name in (entry.command.arguments ?? []).filter(\.shouldDisplay).compactMap(\.preferredName?.name)
            where !["help", "version"].contains(name) {
                #expect(section.contains("\n.TP\n.B " + Self.escaped("--\(name)")), "\(entry.name), \(name)")
            }
        }
    }

    /// As the language of man pages writes text.
    private static func escaped(_ text: String) -> String {
        text.replacing("-", with: "\\-").replacing("'", with: "\\(aq").replacing("^", with: "\\(ha")
    }

    @Test
    func `the manual page has no requests but those of man`() throws {
        let known: Set<Substring> = [".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".RS", ".RE", ".nf", ".fi"]
        let lines = try Scratch().gradbook("manual").output.split(separator: "\n")

        #expect(lines.first?.hasPrefix(".TH GRADBOOK 1 ") == true)
        for line in lines where line.hasPrefix(".") || line.hasPrefix("'") {
            #expect(known.contains(line.prefix { $0 != " " }), "\(line)")
        }
    }
}
