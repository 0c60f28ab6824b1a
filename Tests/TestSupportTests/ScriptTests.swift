import Foundation
import TestSupport
import Testing

/// The scripts of `.ci` that judge the sources, on sources with planted faults.
@Suite(.enabled(if: Program.named("python3") != nil, "python3 is not installed"))
final class ScriptTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private let root = FileManager.default.temporaryDirectory.appending(path: "scripts-\(UUID().uuidString)")

    init() throws {
        try write("", to: "Sources/Autograd/Empty.swift")
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    private func write(_ text: String, to name: String) throws {
        let file = root.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func run(_ script: String, _ arguments: String...) throws -> Invocation {
        try Program(Self.repository.appending(path: ".ci/\(script)")).run(arguments + [root.path])
    }

    // MARK: - Lint

    @Test(arguments: [
        ("Sources/A/A.swift", "\n/// A.\nfunc a() { fatalError() }", "3: fatalError tells"),
        ("Sources/A/A.swift", "@frozen\npackage struct A {}", "2: struct A has no doc comment"),
        ("Sources/A/A.swift", "// A.\npackage final class A {}", "2: class A has no doc comment"),
        ("Sources/A/A.swift", "// swift-format-ignore\nlet a = 1", "1: the formatter's rules"),
        ("Sources/A/A.swift", String(repeating: "\n", count: 501), "501: the file has 501 lines"),
        ("Tests/A/A.swift", String(repeating: "\n", count: 501), "501: the file has 501 lines"),
        ("Sources/Autograd/A.swift", "let a = \"\"\"\n    give --lr\n    \"\"\"", "2: a library names the flag --lr"),
        ("Sources/Autograd/A.swift", "let a = \"a \\(b(\"--set x\")) c\"", "1: a library names the flag --set"),
        ("migrations/A.swift", "let a = #\"say \"--db\"\"#", "1: a library names the flag --db"),
    ])
    func `a planted fault is found, with its line`(file: String, text: String, finding: String) throws {
        try write(text, to: file)

        let invocation = try run("lint")

        #expect(invocation.exitCode == 1)
        #expect(invocation.output.hasPrefix("\(file):\(finding)"), "\(invocation.output)\(invocation.error)")
        #expect(invocation.output.split(separator: "\n").count == 1, "\(invocation.output)")
    }

    @Test(arguments: [
        "let a = 1 // fatalError", "/// A.\n@frozen\npackage struct A {}", "struct A {}",
        "/// A.\npackage struct A {\n    package enum B {}\n}", "let a = \"fatalError\"",
        "let a = \"a -- b\" // --lr", "let a = b --c", "let a = /\"--x/\nlet b = \"c\"",
        String(repeating: "\n", count: 500),
    ])
    func `what only looks like a fault is none`(text: String) throws {
        try write(text, to: "Sources/Autograd/A.swift")

        let invocation = try run("lint")

        #expect(invocation.exitCode == 0)
        #expect(invocation.output.isEmpty && invocation.error.isEmpty, "\(invocation.output)\(invocation.error)")
    }

    @Test
    func `a folder without sources is refused`() throws {
        try FileManager.default.removeItem(at: root.appending(path: "Sources"))

        #expect(try run("lint").exitCode == 1)
    }

    // MARK: - Coverage

    /// A report as the compiler writes it, of files with covered and all lines.
    private func report(_ files: [(name: String, covered: Int, lines: Int)]) throws -> String {
        let entries = files.map { file in
            let name = file.name.hasPrefix("/") ? file.name : root.appending(path: file.name).path
            return #"{"filename":"\#(name)","summary":{"lines":{"count":\#(file.lines),"covered":\#(file.covered)}}}"#
        }
        try write(#"{"data":[{"files":[\#(entries.joined(separator: ","))]}]}"#, to: "report.json")
        return root.appending(path: "report.json").path
    }

    @Test
    func `lines are added up by module, without tests and other packages`() throws {
        let invocation = try run(
            "coverage",
            report([
                ("Sources/Autograd/A.swift", 90, 100), ("Sources/Autograd/Engine/B.swift", 9, 10),
                ("Sources/Reports/C.swift", 1, 4), ("migrations/D.swift", 3, 3), ("Tests/E.swift", 5, 9),
                ("/elsewhere/Sources/F/F.swift", 0, 9),
            ]))

        #expect(
            invocation.output == """
                module      covered   lines       %
                Autograd         99     110    90.0
                Migrations        3       3   100.0
                Reports           1       4    25.0

                """)
        #expect(invocation.exitCode == 0, "\(invocation.error)")
    }

    @Test
    func `a module that must be covered and is not is an error`() throws {
        let invocation = try run(
            "coverage", report([("Sources/Learning/A.swift", 899, 1000), ("Sources/Theory/B.swift", 0, 1)]))

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.hasPrefix("Learning and Theory: less than 90 %"))
        #expect(invocation.output.contains("89.9  < 90"))
    }

    @Test
    func `a report of another place is refused`() throws {
        #expect(try run("coverage", report([("/elsewhere/Sources/F/F.swift", 1, 1)])).exitCode == 1)
    }
}
