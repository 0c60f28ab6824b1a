import Foundation
import TestSupport
import Testing
import Tracking

@testable import Reports

/// What readers see: the report through GitHub's own Markdown renderer.
@Suite(.enabled(if: Program.named("cmark-gfm") != nil))
struct RenderingTests {
    private func html(_ markdown: [UInt8]) throws -> String {
        // As GitHub: the few tags of folded blocks are let through, and none with an effect.
        let arguments = ["--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "tagfilter"]
        let page = try #require(try Program.named("cmark-gfm")?.run(arguments, input: Data(markdown)))
        try #require(page.exitCode == 0, "\(page.error)")
        return page.output
    }

    @Test(arguments: [
        "plain", "a|b", "<script>alert(1)</script>", "`code` *bold* _it_ [x](javascript:y)", "# no heading",
        "\"q\" 'q'",
        "![x](y)", "1. one", "- list", "a,b\n\nnew paragraph\n---", "~~gone~~ $x$ &amp;", "\\", "www.example.org",
    ])
    func `a name stays text`(name: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.two, named: name)
        let plain = try SampleNotebook()
        try plain.addSweep(.two, named: "plain")

        let page = try html(notebook.report(on: .sweep(name))["report.md"] ?? [])
        let expected = try html(plain.report(on: .sweep("plain"))["report.md"] ?? [])

        for tag in [
            "<script", "<details>", "</details>", "<summary>", "<h1>", "<h2>", "<h3>", "<table>", "<tr>", "<td", "<li>",
            "<code>", "<img", "<em>", "<a ",
        ] {
            let count = { (page: String) in page.components(separatedBy: tag).count }
            // The name itself may only add a link to an address that it spells out.
            #expect(count(page) == count(expected) || tag == "<a " && name.hasPrefix("www"), "\(tag)")
        }
    }
}
