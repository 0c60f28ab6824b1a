import TestSupport
import Testing
import TextFormats

/// What people are shown of anybody's text.
struct VisibleTextTests {
    @Test(arguments: [
        ("a\nb", #"a\nb"#), ("a\r\nb", #"a\r\nb"#), ("\t", #"\t"#), ("\u{0}", #"\u{0}"#),
        ("\u{1B}[31m", #"\u{1B}[31m"#),
        ("\u{7F}", #"\u{7F}"#), ("\u{9B}2J", #"\u{9B}2J"#), ("a\u{202E}b", #"a\u{202E}b"#), ("\u{2066}", #"\u{2066}"#),
        ("\u{200E}\u{200F}\u{61C}", #"\u{200E}\u{200F}\u{61C}"#), ("a\u{2028}b", #"a\u{2028}b"#),
        ("a\u{2029}b", #"a\u{2029}b"#), ("a\u{200B}b", #"a\u{200B}b"#), ("a\u{200D}b", #"a\u{200D}b"#),
        ("\u{FEFF}a", #"\u{FEFF}a"#), ("a\u{AD}b", #"a\u{AD}b"#), ("a\u{E0041}", #"a\u{E0041}"#),
        ("a\u{FE0F}", #"a\u{FE0F}"#), ("1\u{FE0F}", #"1\u{FE0F}"#), ("a\u{E0100}", #"a\u{E0100}"#),
        ("\u{1F600}\u{FE0F}\u{FE0F}", "\u{1F600}\u{FE0F}\\u{FE0F}"), ("\u{FFF9}", #"\u{FFF9}"#),
        ("\u{FFFF}", #"\u{FFFF}"#), ("\u{115F}", #"\u{115F}"#),
        // A mark joins what stands before it to one character, and hides nothing.
        ("\u{1B}\u{301}", "\\u{1B}\u{301}"),
    ])
    func `what a terminal obeys or an eye cannot see is written out`(text: String, shown: String) {
        #expect(Array(text.visible.unicodeScalars) == Array(shown.unicodeScalars))
        #expect(!text.isVisible)
        #expect(shown.visible == shown)
        #expect(shown.isVisible)
    }

    @Test(arguments: [
        "", "plain ~ text \\ 'with' signs", "Übung ß ñ é e\u{301}", "学习率 学び", "rate\u{A0}1", "👍🏽 👨‍👩‍👧 ❤️ 🏳️‍🌈 1️⃣",
        "می‌خواهم", "क्‍ष", "葛\u{E0100}", "\u{600}12", "x ± 1 … µ",
    ])
    func `ordinary text stays as it is`(text: String) {
        #expect(Array(text.visible.unicodeScalars) == Array(text.unicodeScalars))
        #expect(text.isVisible)
    }

    @Test
    func `a page keeps its lines`() {
        #expect("a\n\tb\u{1B}\n".visibleLines == "a\n\\tb\\u{1B}\n")
    }

    @Test
    func `JSON keeps its strings, in escapes`() {
        #expect("[\"\u{202E}\u{E0041}ü\",\n1]".visibleJSON == "[\"\\u202e\\udb40\\udc41ü\",\n1]")
    }

    @Test(arguments: [
        ("plain-1.0", "plain-1.0"), ("", "''"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#),
        // With an accent, the quote is still one to a shell.
        ("a'\u{301}; b", "'a'\\''\u{301}; b'"), ("a\nb c", #"'a'$'\x0A''b c'"#),
        ("\u{202E}", #"''$'\xE2\x80\xAE'''"#),
    ])
    func `an argument is quoted for a shell on one line`(argument: String, quoted: String) throws {
        #expect(Array(argument.quotedForShell.unicodeScalars) == Array(quoted.unicodeScalars))
        let bash = try #require(Program.named("bash"))
        let invocation = try bash.run(["-c", "printf %s \(argument.quotedForShell)"])
        #expect(invocation.outputBytes == Array(argument.utf8))
    }

    @Test
    func `quotes with accents are doubled in SQL and CSV`() {
        #expect(Array("a'\u{301}b".sqlText.unicodeScalars) == Array("'a''\u{301}b'".unicodeScalars))
        #expect(Array("a\"\u{301}b".sqlIdentifier.unicodeScalars) == Array("\"a\"\"\u{301}b\"".unicodeScalars))
        var csv = CSVText(columns: ["a\"\u{301}b"])
        csv.flush { bytes in #expect(bytes == Array("\"a\"\"\u{301}b\"\n".utf8)) }
    }
}
