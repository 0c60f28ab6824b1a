import Foundation
import TestSupport
import Testing
import TextFormats

/// Names that mean something to a shell, a terminal or a page are names.
@Suite(.timeLimit(.minutes(5)))
struct HostileNamesTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test(
        arguments: [
            "a$(touch EXECUTED)b", "a`touch EXECUTED`", "a{b,c}", "a$HOME", "a'q", "a\"q", "a\\b", "a* [x]",
            "a;b&c|d>e", "a!x",
            "~root", "#x", "a\tb", "a ü 学", "a=b;c",
        ])
    func `a name is offered to bash as itself, and nothing in it is run`(name: String) throws {
        try scratch.gradbook("run", "--name", name, "--steps", "1")

        for typed in [String(name.prefix(1)), "'\(name.prefix(1))", "\"\(name.prefix(1))"] {
            let closing = typed.count > 1 ? String(typed.prefix(1)) : ""
            let offers = try completions(after: typed)
            // Neither what cannot be seen nor, in double quotes, an exclamation mark can be inserted.
            guard name != "a\tb", name != "a!x" || closing != "\"" else {
                #expect(offers.isEmpty)
                continue
            }
            #expect(offers.count == 1)
            // What stands on the command line then, read by bash.
            let word = "\(closing)\(offers.first ?? "")\(closing)"
            try scratch.write("printf %s \(word)", to: "word.bash")
            #expect(try scratch.shell("bash word.bash").output == name, "\(word)")
        }
        #expect(!scratch.contains("EXECUTED"))
    }

    @Test(arguments: [
        ["report", "\u{1B}[2J\u{9B}3J"], ["runs", "--format=\u{1B}\nx"], ["runs", "--x\u{202E}\n"], ["x\u{1B}"],
        ["show", "\u{1B}"], ["runs", "--db", "\u{1B}\n"], ["runs", "name=\u{1B}", "--sort", "\u{1B}"],
        ["query", "SELECT \u{1B}"], ["run", "--data", "\u{1B}\n.csv"], ["run", "--lr", "\u{200B}1"],
        ["merge", "\u{1B}"],
        ["sweep", "status", "\u{2028}"], ["run", "--set", "\u{1B}=1"], ["fork", "\u{1B}"], ["graph", "\u{1B}"],
        ["judge", "\u{1B}", "b"], ["schema", "\u{1B}"], ["note", "last", "\u{1B}"],
        ["sweep", "a\u{1B}b", "--seeds", "1"],
    ])
    func `what was typed comes back with nothing hidden in it`(arguments: [String]) throws {
        try scratch.gradbook("run", "--steps", "1")

        let invocation = try scratch.gradbook(arguments)

        for line in (invocation.output + invocation.error).split(separator: "\n") {
            #expect(String(line).isVisible, "\(String(line).debugDescription)")
        }
    }

    @Test
    func `names of a notebook from somebody else are shown with nothing hidden in them`() throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.2", "--steps", "3", "--seeds", "1..2")
        try scratch.sqlite3(
            """
            UPDATE sweeps SET name = 's' || char(27, 10, 8238) || 'x'; UPDATE runs SET host = char(27, 155), \
            name = 'n' || char(10, 27, 8203) || id, command = char(27) || 'a' || char(10) || 'b', git_commit = char(27);
            INSERT INTO run_tags (run_id, tag) SELECT id, char(27, 10) FROM runs;
            """)
        let sweep = "s\u{1B}\n\u{202E}x"

        for arguments in [
            ["runs"], ["runs", "--format", "markdown"], ["show", "1"], ["show", "1", "--format", "markdown"],
            ["compare", "1", "2"], ["compare", "1", "2", "--format", "markdown"], ["sweep", "status", sweep],
            ["sweep", "best", sweep], ["watch", sweep], ["why", "1"], ["verify", "1"], ["judge", "1", "3"], ["doctor"],
            ["judge", "1", "3", "--format", "latex"], ["judge", "1", "3", "--format", "markdown"],
            ["runs", "--format", "json"],
            ["runs", "--format", "jsonl"], ["show", "1", "--format", "json"],
            ["sweep", "status", sweep, "--format", "json"],
            ["export", "runs", "--format", "jsonl"], ["sweep", "retry", sweep], ["sweep", "resume", sweep],
            ["diff", "1", "2"],
            ["report", sweep, "--format", "markdown,html,latex,text,json", "--out", "r"],
        ] {
            let invocation = try scratch.gradbook(arguments)
            for line in (invocation.output + invocation.error).split(separator: "\n") {
                #expect(String(line).isVisible, "\(arguments): \(String(line).debugDescription)")
            }
        }
        for (name, content) in try scratch.contents() where name.hasPrefix("r/") && !name.hasSuffix(".csv") {
            for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
                #expect(String(line).isVisible, "\(name): \(String(line).debugDescription)")
            }
        }
    }

    /// What bash offers for the first argument of `gradbook show` that begins so.
    private func completions(after typed: String) throws -> [String] {
        let program = try TestedProgram.file.deletingLastPathComponent().path
        try scratch.write(typed, to: "typed")
        try scratch.write(
            """
            PATH='\(program)':$PATH
            source <(gradbook --generate-completion-script bash)
            typed=$(cat typed)
            COMP_WORDS=(gradbook show "$typed")
            COMP_CWORD=2
            # Readline keeps the quote that opens a word for itself.
            _gradbook gradbook "${typed#[\\'\\"]}" show
            printf '%s\\0' "${COMPREPLY[@]}"
            """, to: "complete.bash")
        let invocation = try scratch.shell("bash complete.bash")
        #expect(invocation.error.isEmpty, "\(invocation.error)")
        return invocation.outputBytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
