import Testing

@testable import TextFormats

struct MarkdownTests {
    @Test(arguments: [
        ("a|b", #"a\|b"#), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("two\r\nlines", #"two\\r\\nlines"#), ("[x](y)", #"\[x\](y)"#), ("`code`", #"\`code\`"#), ("$x$", #"\$x\$"#),
        ("a & b", "a &amp; b"), (#"back\slash"#, #"back\\slash"#), ("weight_decay", #"weight\_decay"#),
        ("|\u{301}<\u{301}b>", "\\|\u{301}&lt;\u{301}b&gt;"), ("see http://x.org", #"see http\://x.org"#),
        ("12:30", "12:30"), ("WwW.x.org", #"WwW\.x.org"#), ("a@b.org", "a@<!-- -->b.org"), ("a @ b", "a @ b"),
        ("- a", #"\- a"#), ("12. a", #"12\. a"#), ("1.5", "1.5"), ("-1", "-1"), ("    a", "&#32;   a"), (" a", " a"),
    ])
    func `text of users is only text`(text: String, escaped: String) {
        #expect(MarkdownText.escaped(text) == escaped)
    }

    @Test(arguments: [("a", "`a`"), ("a`b", #"a\`b"#), ("a\nb", #"`a\nb`"#)])
    func `code within a line stays within it`(code: String, written: String) {
        #expect(MarkdownText.code(code) == written)
    }

    @Test
    func `a fence is longer than any inside`() {
        #expect(MarkdownText.fenced("a\n```\nb", language: "sh") == "````sh\na\n```\nb\n````\n")
        #expect(MarkdownText.fenced("``\n`````\u{301}", language: "") == "``````\n``\n`````\u{301}\n``````\n")
    }

    @Test(arguments: [
        ("#4c45", "#4c45"), ("a.svg", "a.svg"), ("#a)\n\n# b", "#a%29%0A%0A#%20b"), ("<b>", "%3Cb%3E"),
        ("é|", "%C3%A9%7C"),
    ])
    func `a link ends at its own parenthesis`(target: String, written: String) {
        #expect(MarkdownText.target(target) == written)
        #expect(Document([.paragraph("\(link: "x", to: target)")]).markdown == "[x](\(written))\n")
    }

    @Test
    func `the program's own words hold no control characters`() {
        #expect(Document([.paragraph(Prose(words: "a\u{1B}[31m\rb"))]).markdown == "a\\u{1B}[31m\\rb\n")
    }
}
