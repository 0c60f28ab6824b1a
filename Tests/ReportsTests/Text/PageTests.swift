import Foundation
import Testing

@testable import Reports

struct PageTests {
    @Test(arguments: [
        ("plain", "plain"), ("a \\| b", "a | b"), ("**strong** and *em*", "<strong>strong</strong> and <em>em</em>"),
        ("w\\*x^2", "w*x^2"), ("lr * largest", "lr * largest"), ("`a|b<c`", "<code>a|b&lt;c</code>"),
        ("[row](#abc)", "<a href=\"#abc\">row</a>"), ("&lt;script&gt;", "&lt;script&gt;"), ("a & b", "a &amp; b"),
        ("P(a < b)", "P(a &lt; b)"), ("[x](javascript:y)", "[x](javascript:y)"), ("\\<b>", "&lt;b&gt;"),
        ("[a\\_b](#c\"d)", "<a href=\"#c&quot;d\">a_b</a>"), ("trailing \\", "trailing \\"),
    ])
    func `a line of Markdown is HTML`(markdown: String, html: String) {
        #expect(InlineMarkup.html(markdown) == html)
    }

    private func page(_ markdown: String) -> String {
        let text = HTMLPage(title: "t", markdown: markdown, figures: ["fig/a.svg": "<svg/>\n"]).text
        return String(text.split(separator: "<body>\n")[1].split(separator: "<script>")[0])
    }

    @Test(arguments: [
        ("## Two words\n", "<h2 id=\"two-words\">Two words</h2>\n"),
        ("- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("a\nb\n\nc\n", "<p>a b</p>\n<p>c</p>\n"), ("```sh\n# <a>\n```\n", "<pre><code># &lt;a&gt;</code></pre>\n"),
        ("````\n```\n````\n", "<pre><code>```</code></pre>\n"), ("![A](fig/a.svg)\n", "<figure>\n<svg/>\n</figure>\n"),
        (
            "> [!WARNING]\n> Beware.\n>\n> - one\n",
            "<aside>\n<p><strong>Warning</strong></p>\n<p>Beware.</p>\n<ul>\n<li>one</li>\n</ul>\n</aside>\n"
        ),
        (
            "| a | b |\n| --- | --: |\n| x \\| y |  |\n",
            "<div class=\"t\"><table>\n<thead><tr><th>a</th><th class=\"n\">b</th></tr>\n</thead>\n"
                + "<tbody>\n<tr><td>x | y</td><td class=\"n\"></td></tr>\n</tbody>\n</table></div>\n"
        ),
    ])
    func `a block of Markdown is HTML`(markdown: String, html: String) {
        #expect(page(markdown) == html)
    }

    @Test(arguments: ["<script>alert(1)</script>", "</title><b>", "a|b`c*d_e[f](g)", "\" onload=\"x"])
    func `a name stays text on the page`(name: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.two, named: name)
        let plain = try SampleNotebook()
        try plain.addSweep(.two, named: "plain")

        let page = String(decoding: try notebook.report(on: .sweep(name))["report.html"] ?? [], as: UTF8.self)
        let expected = String(decoding: try plain.report(on: .sweep("plain"))["report.html"] ?? [], as: UTF8.self)

        for tag in ["<script", "</title>", "<b>", "<a ", "<code", "<em", " onload=\"", "<td", "<th", "http"] {
            #expect(page.components(separatedBy: tag).count == expected.components(separatedBy: tag).count, "\(tag)")
        }
    }

    @Test
    func `a page needs nothing from elsewhere`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let page = String(decoding: try notebook.report()["report.html"] ?? [], as: UTF8.self)

        #expect(!page.contains(" src="))
        #expect(!page.contains("<link"))
        #expect(page.components(separatedBy: "<figure>").count == 5)
    }
}
