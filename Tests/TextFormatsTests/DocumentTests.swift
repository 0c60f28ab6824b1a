import Foundation
import Testing
import TextFormats

/// The same blocks as Markdown and as HTML.
struct DocumentTests {
    @Test(
        arguments: [
            ("plain", "plain", "plain"), (Prose(text: "a | b"), #"a \| b"#, "a | b"),
            ("\(strong: "strong") and \(em: "em")", "**strong** and *em*", "<strong>strong</strong> and <em>em</em>"),
            ("\(text: "w*x^2")", #"w\*x^2"#, "w*x^2"), ("lr * largest", "lr * largest", "lr * largest"),
            ("\(code: "a|b<c")", "`a|b<c`", "<code>a|b&lt;c</code>"),
            ("\(link: "row", to: "#abc")", "[row](#abc)", "<a href=\"#abc\">row</a>"),
            (Prose(text: "a\nb"), #"a\\nb"#, #"a\nb"#), (Prose(text: "<script>"), "&lt;script&gt;", "&lt;script&gt;"),
            (Prose(text: "a & b"), "a &amp; b", "a &amp; b"),
            ("P(a < b)", "P(a < b)", "P(a &lt; b)"),
            ("\(link: Prose(text: "a_b"), to: "#c\"d")", #"[a\_b](#c"d)"#, "<a href=\"#c&quot;d\">a_b</a>"),
            ("\(em: "of \(3)"): \(words: "[0, 1]")", "*of 3*: [0, 1]", "<em>of 3</em>: [0, 1]"),
            (["a", Prose(text: "b*")].joined(separator: ", "), #"a, b\*"#, "a, b*"),
        ] as [(Prose, String, String)])
    func `prose is written in both languages`(prose: Prose, markdown: String, html: String) {
        #expect(prose.markdown == markdown)
        #expect(prose.html == html)
    }

    @Test(
        arguments: [
            (.heading(level: 2, "Two words"), "## Two words\n", "<h2 id=\"two-words\">Two words</h2>\n"),
            (.list(["a", "b"]), "- a\n- b\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            (.paragraph("a\nb"), "a\nb\n", "<p>a b</p>\n"),
            (.code("# <a>", language: "sh"), "```sh\n# <a>\n```\n", "<pre><code># &lt;a&gt;</code></pre>\n"),
            (.code("```", language: ""), "````\n```\n````\n", "<pre><code>```</code></pre>\n"),
            (.image(path: "fig/a.svg", title: "A|"), "![A\\|](fig/a.svg)\n", "<figure>\n<svg/>\n</figure>\n"),
            (
                .image(path: "fig/a.svg", title: "A", caption: "lines \(text: "<b>")"),
                "![A](fig/a.svg)\n\nlines &lt;b&gt;\n",
                "<figure>\n<svg/>\n<figcaption>lines &lt;b&gt;</figcaption>\n</figure>\n"
            ),
            // The blank lines make GitHub read Markdown again.
            (
                .details(
                    summary: "\(2) of \(text: "<b>")", [.paragraph("\(strong: "a")"), .code("b", language: "sql")]),
                "<details>\n<summary>2 of &lt;b&gt;</summary>\n\n**a**\n\n```sql\nb\n```\n\n</details>\n",
                "<details>\n<summary>2 of &lt;b&gt;</summary>\n<p><strong>a</strong></p>\n<pre><code>b</code></pre>\n</details>\n"
            ),
            (
                .alert(.warning, ["Beware.", "Twice."], list: ["one"]),
                "> [!WARNING]\n> Beware.\n> Twice.\n>\n> - one\n",
                "<aside>\n<p><strong>Warning</strong></p>\n<p>Beware.</p>\n<p>Twice.</p>\n<ul>\n<li>one</li>\n</ul>\n</aside>\n"
            ),
        ] as [(Document.Block, String, String)])
    func `a block is written in both languages`(block: Document.Block, markdown: String, html: String) {
        let document = Document([block])

        #expect(document.markdown == markdown)
        #expect(document.html(figures: ["fig/a.svg": "<svg/>\n"]) == html)
    }

    @Test
    func `a table aligns numbers to the right`() {
        var table = Document.Table([("a", .left), ("b", .right)])
        table.append([Prose(text: "x | y"), ""])
        let document = Document([.table(table)])

        #expect(document.markdown == "| a | b |\n| --- | --: |\n| x \\| y |  |\n")
        #expect(
            document.html(figures: [:])
                == "<div class=\"t\"><table>\n<thead><tr><th>a</th><th class=\"n\">b</th></tr>\n</thead>\n"
                + "<tbody>\n<tr><td>x | y</td><td class=\"n\"></td></tr>\n</tbody>\n</table></div>\n")
    }

    @Test
    func `plain text has no markup, and nothing that moves a cursor`() {
        var table = Document.Table([("a", .left), ("b", .right)])
        table.append([Prose(text: "x\ny"), "12"])
        let document = Document([
            .heading(level: 1, "One"), .heading(level: 3, "Two"),
            .paragraph("\(strong: "three") four \(link: "five", to: "#six") \(text: "s\u{1B}[2Jx")"),
            .list(["a b c d e f"]), .table(table), .code("SELECT 1;\n  x", language: "sql"),
            .image(path: "fig/a.svg", title: "A", caption: "lines"), .alert(.warning, ["Beware."], list: ["one"]),
            .details(summary: "more", [.paragraph("inside")]),
        ])

        #expect(
            document.text(width: 14) == """
                One
                ===

                Two

                three four
                  five
                  s\\u{1B}[2Jx

                - a b c d e f

                a      b
                x\\ny  12

                    SELECT 1;
                      x

                A (fig/a.svg):
                  lines

                Warning: Beware.
                - one

                more

                inside

                """)
    }

    @Test
    func `a blank line stands between blocks`() {
        #expect(Document([.paragraph("a"), .list(["b"]), .paragraph("c")]).markdown == "a\n\n- b\n\nc\n")
    }

    @Test
    func `a link to a heading that is not there becomes its text`() {
        let row: Prose = "\(em: "\(link: "a", to: "#here-it-is") \(link: "b", to: "#gone")") \(link: "c", to: "d.csv")"
        let here = Document.Block.details(summary: "s", [.heading(level: 3, "Here it is"), .paragraph(row)])

        let markdown = Document([here, .list([row])]).withoutDeadLinks.markdown

        #expect(markdown.components(separatedBy: "*[a](#here-it-is) b* [c](d.csv)").count == 3)
    }

    @Test
    func `the first rows of a table have its columns`() {
        var table = Document.Table([("a", .right)])
        for row in 1...3 { table.append(["\(row)"]) }

        #expect(Document([.table(table.prefix(2))]).markdown == "| a |\n| --: |\n| 1 |\n| 2 |\n")
        #expect(table.prefix(9) == table)
    }

    @Test
    func `pictures are found wherever they stand`() {
        let document = Document([
            .image(path: "a", title: ""), .details(summary: "", [.image(path: "b", title: "")]), .paragraph("c"),
        ])

        #expect(document.imagePaths == ["a", "b"])
    }

    @Test
    func `an image without a picture is left out of a page`() {
        #expect(Document([.image(path: "fig/b.svg", title: "b")]).html(figures: [:]) == "")
    }
}
