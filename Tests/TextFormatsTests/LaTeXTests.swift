import Foundation
import TestSupport
import Testing
import TextFormats

struct LaTeXTests {
    @Test(arguments: [
        ("a_b", "a\\_b"), ("50 %", "50 \\%"), ("{x}", "\\{x\\}"), ("a & b", "a \\& b"), ("#1 $2", "\\#1 \\$2"),
        ("\\input{x}", "\\textbackslash{}input\\{x\\}"), ("a^2 ~ b", "a\\textasciicircum{}2 \\textasciitilde{} b"),
        ("a--b, c", "a-{}-b, c"),
        ("``x''", "\\textasciigrave{}\\textasciigrave{}x\\textquotesingle{}\\textquotesingle{}"),
        ("<a|b>", "\\textless{}a\\textbar{}b\\textgreater{}"), ("one\ntwo", "one\\textbackslash{}ntwo"),
        ("[x]", "{[}x{]}"),
        ("▁█", "\\sparkbar{0.1em}\\sparkbar{0.8em}"), ("µ², é, 漢", "$\\mu$$^2$, é, [U+6F22]"),
        ("\u{1}", "\\textbackslash{}u\\{1\\}"),
    ])
    func `every character is text`(text: String, latex: String) {
        #expect(LaTeXText.escaped(text) == latex)
    }

    @Test
    func `a table has rules, and numbers on the right`() {
        var table = Document.Table([("a", .left), ("b", .right)])
        table.append(["x & y", "1"])

        let text = Document([.table(table)]).latex

        #expect(
            text.contains("\\begin{longtable}{lr}\n\\hline\n{\\bfseries a} & {\\bfseries b} \\tabularnewline\n\\hline"))
        #expect(text.contains("{}x \\& y & {}1 \\tabularnewline\n\\hline\n\\end{longtable}"))
    }

    @Test
    func `a table that is wider than the page is broken into lines`() {
        var table = Document.Table((0..<9).map { (Prose(words: "column \($0)"), .left) })
        table.append((0..<9).map { Prose(words: String(repeating: "word ", count: $0 + 1)) })

        #expect(Document([.table(table)]).latex.contains("\\begin{longtable}{L{"))
    }

    @Test
    func `a table that is too wide even so is several, each with what tells the rows apart`() {
        var table = Document.Table((0..<30).map { (Prose(words: "heading-\($0)"), .left) })
        for row in 0..<3 { table.append((0..<30).map { Prose(words: "\($0 == 0 ? row / 2 : row)-\($0)-cell") }) }

        let text = Document([.table(table)]).latex
        let parts = text.components(separatedBy: "\\begin{longtable}").dropFirst()

        #expect(parts.count > 1)
        #expect(parts.allSatisfy { $0.contains("{}0-0-cell & {}0-1-cell &") })
        for column in 2..<30 { #expect(parts.count { $0.contains("{\\bfseries heading-\(column)}") } == 1) }
    }

    @Test(arguments: [
        ("short words stay", 6, "short words stay"), ("a.b.long_word", 6, "a.b.\\allowbreak{}long_\\allowbreak{}word"),
        ("abcdefgh", 3, "abc\\allowbreak{}def\\allowbreak{}gh"),
    ])
    func `only long words may be broken`(text: String, longest: Int, latex: String) {
        #expect(LaTeXText.breakable(text, longest: longest) == latex.replacing("_", with: "\\_"))
    }

    /// All kinds of blocks, with text that LaTeX would take for commands.
    private static let everything: Document = {
        let evil = "\\end{document} {[%#$&_^~<>|\"'`--,,?`!`]} \\\\[1em] * é 漢 ▁▅█ µ²\u{1}"
        var narrow = Document.Table([("a", .left), ("b", .right)])
        narrow.append([Prose(text: evil), "1"])
        narrow.append(["[x]", "*"])
        var wide = Document.Table((0..<12).map { (Prose(text: "\(evil.prefix(12)) \($0)"), .right) })
        for _ in 0..<80 { wide.append((0..<12).map { Prose(text: String(evil.prefix($0 * 5))) }) }
        let blocks: [Document.Block] = [
            .heading(level: 1, Prose(text: evil)), .heading(level: 2, Prose(text: evil)),
            .heading(level: 3, Prose(text: evil)), .paragraph("\(text: evil) \(code: evil) \(em: Prose(text: evil))"),
            .list(["[x] y", Prose(text: evil)]), .table(narrow), .table(wide),
            .code("  SELECT '\(evil)'\n\n\\end{verbatim}\n", language: "sql"),
            .image(path: "fig/a_b.svg", title: evil, caption: Prose(text: evil)),
            .alert(.warning, [Prose(text: evil), "Twice."], list: ["one"]),
            .paragraph("\(link: "row", to: "#abc") and \(link: "page", to: "https://example.org/a_b#c")"),
        ]
        return Document(blocks + [.details(summary: Prose(text: evil), blocks)])
    }()

    @Test
    func `a document begins and ends once`() {
        let text = Self.everything.latex

        #expect(text.hasPrefix("\\documentclass"))
        #expect(text.components(separatedBy: "\\end{document}").count == 2)
        #expect(text.unicodeScalars.allSatisfy { $0.value < 0x100 && ($0.value >= 0x20 || $0 == "\n") })
    }

    @Test(.enabled(if: Program.named("pdflatex") != nil))
    func `LaTeX sets it`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "latex-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "report.tex")
        try Data(Self.everything.latex.utf8).write(to: file)

        let set = try Program.named("pdflatex")?.run([
            "-interaction=nonstopmode", "-halt-on-error", "-output-directory", folder.path, file.path,
        ])

        #expect(set?.exitCode == 0, "\(set?.output.suffix(2000) ?? "")")
    }
}
