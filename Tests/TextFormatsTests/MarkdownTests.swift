import Testing

@testable import TextFormats

struct MarkdownTests {
    @Test(arguments: [
        ("a|b", #"a\|b"#), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("two\r\nlines", "two lines"), ("[x](y)", #"\[x\](y)"#), ("`code`", #"\`code\`"#), ("$x$", #"\$x\$"#),
        ("a & b", "a &amp; b"), (#"back\slash"#, #"back\\slash"#), ("weight_decay", #"weight\_decay"#),
    ])
    func `text of users is only text`(text: String, escaped: String) {
        #expect(MarkdownText.escaped(text) == escaped)
    }

    @Test
    func `a fence is longer than any inside`() {
        #expect(MarkdownText.fenced("a\n```\nb", language: "sh") == "````sh\na\n```\nb\n````\n")
    }
}
