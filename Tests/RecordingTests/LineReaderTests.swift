import TestSupport
import Testing
import TextFormats

@testable import Recording

/// What one line of the protocol says.
struct LineReaderTests {
    private var reader = LineReader()

    @Test
    mutating func `a line has its step, its time and its values in order`() throws {
        let line = try reader.read(#" {"step": 3, "train/loss": 0.25, "time": 1.5, "pid": 71, "lr": 1e-3, "n": 4} "#)

        #expect(line.step == 3)
        #expect(line.time == 1.5)
        #expect(line.processID == 71)
        #expect(
            line.values == [
                LoggedEntry("train/loss", .real(0.25)), LoggedEntry("lr", .real(1e-3)), LoggedEntry("n", .integer(4)),
            ])
        #expect(line.values.map(\.key.group) == ["train", "", ""])
    }

    @Test(arguments: [
        ("0", LoggedValue.integer(0)), ("-0", .real(-0.0)), ("-0.0", .real(-0.0)), ("0.0", .real(0)), ("1.0", .real(1)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .real(9_223_372_036_854_775_808)),
        ("-9223372036854775809", .real(-9_223_372_036_854_775_808)),
        ("18446744073709551615", .real(0x1p64)), ("100000000000000000000", .real(1e20)),
        ("1e3", .real(1000)), ("1E+3", .real(1000)), ("5e-324", .real(Double.leastNonzeroMagnitude)),
        ("2.4703282292062327e-324", .real(0)),
        ("1e999", .real(.infinity)), ("-1e999", .real(-.infinity)), ("1e-999", .real(0)), ("0e999999999999", .real(0)),
        ("2.2250738585072011e-308", .real(Double.leastNormalMagnitude.nextDown)),
        ("9007199254740993.0", .real(9_007_199_254_740_992)),
        ("9007199254740993.00000000000000000001", .real(9_007_199_254_740_994)),
        ("NaN", .real(.nan)), ("Infinity", .real(.infinity)), ("-Infinity", .real(-.infinity)),
        ("\"NaN\"", .real(.nan)), ("\"Infinity\"", .real(.infinity)), ("\"-Infinity\"", .real(-.infinity)),
        ("true", .integer(1)), ("false", .integer(0)), ("\"nan\"", .text("nan")), ("\"\"", .text("")),
        ("\"\\u00e9\\ud83d\\ude00\\n\\/\"", .text("é😀\n/")),
    ])
    mutating func `a value is exact`(text: String, value: LoggedValue) throws {
        let line = try reader.read("{\"a\":\(text)}")

        #expect(line.values == [LoggedEntry("a", value)])
    }

    @Test
    mutating func `null is nothing`() throws {
        let line = try reader.read(#"{"a": null, "step": null, "time": null, "pid": null}"#)

        #expect(line == LoggedLine())
    }

    @Test
    mutating func `nested objects and lists are flat`() throws {
        let line = try reader.read(#"{"a": {"b": 1, "c": [2, {"d": 3}], "e": {}}, "f": []}"#)

        #expect(
            line.values == [
                LoggedEntry("a/b", .integer(1)), LoggedEntry("a/c/0", .integer(2)), LoggedEntry("a/c/1/d", .integer(3)),
            ])
    }

    @Test
    mutating func `of two values for a key the first is kept and the second counted`() throws {
        let line = try reader.read(
            #"{"a": 1, "\u0061": 2, "b": {"c": 3}, "b/c": 4, "step": 5, "step": 6, "@note": "x", "@note": "y"}"#)

        #expect(line.values == [LoggedEntry("a", .integer(1)), LoggedEntry("b/c", .integer(3))])
        #expect(line.step == 5)
        #expect(line.declarations == [.note("x")])
        #expect(line.duplicates == 4)
    }

    @Test
    mutating func `a reserved key may be written with escapes anywhere`() throws {
        let line = try reader.read(#"{"st\u0065p": 3, "p\u0069d": 4, "t\u0069me": 5, "\u0040note": "n", "s\ud800": 1}"#)

        #expect(line.step == 3)
        #expect(line.processID == 4)
        #expect(line.time == 5)
        #expect(line.declarations == [.note("n")])
        #expect(line.values.map(\.key.name) == ["s\u{FFFD}"])
        #expect(line.repairs == 1)
    }

    @Test(arguments: [("7", Int64(7)), ("3.0", 3), ("9223372036854775807", .max), ("1e3", 1000), ("-0.0", 0)])
    mutating func `a step is a whole number`(text: String, step: Int64) throws {
        #expect(try reader.read("{\"step\": \(text), \"a\": 1}").step == step)
    }

    @Test(arguments: ["-1", "2.5", "1e19", "NaN", "\"3\"", "true", "[1]", "{}"])
    mutating func `a line with another step keeps no values`(text: String) throws {
        let line = try reader.read("{\"a\": 1, \"step\": \(text), \"@note\": \"kept\"}")

        #expect(line.step == nil)
        #expect(line.values.isEmpty)
        #expect(line.declarations == [.note("kept")])
        #expect(
            line.refusals.sentences.first
                == "the step is \(text); it must be a whole number from 0 to 9223372036854775807")
    }

    @Test(arguments: [
        ("", "it is empty"), ("  ", "it is empty"), ("[1]", "it does not begin with {"), ("{", "it ends at byte 2"),
        ("{\"a\":1", "where a comma or a brace should be"), ("{\"a\":1}}", "where the end of the line should be"),
        ("{\"a\":01}", "begins with 01"), ("{\"a\":.5}", "where a value should be"),
        ("{\"a\":1.}", "a digit after the point"),
        ("{\"a\":1e}", "a digit of the exponent"), ("{\"a\":+1}", "there is + at byte 6"),
        ("{\"a\":nan}", "where a value"),
        ("{\"a\":-NaN}", "where a value"), ("{\"a\" 1}", "where a colon"), ("{a:1}", "where a string"),
        ("{\"a\":1,}", "where a string"),
        ("{\"a\":\"\\x\"}", "\\x is no escape"), ("{\"a\":\"\\u12g4\"}", "four hexadecimal digits"),
        ("{\"a\":\"b", "does not end"),
        ("{\"a\":\"b\\", "does not end"), ("{\"a\":\"\t\"}", "holds the byte 9"), ("{\"a\":tru}", "where a value"),
        ("{\"a\":1 2}", "a comma"),
    ])
    mutating func `what is no JSON object is refused with a reason`(text: String, reason: String) {
        let error = #expect(throws: LineError.self) { try reader.read(text) }

        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test
    mutating func `what is no Unicode is repaired and counted`() throws {
        let bytes =
            Array("{\"a\":\"".utf8) + [0xFF, 0x41, 0xE2, 0x82]
            + Array(#"", "b": "\ud800 \udc00\ud800\u0041", "\#u{FFFD}": 1}"#.utf8)

        let line = try reader.read(bytes)

        #expect(line.values[0].value == .text("\u{FFFD}A\u{FFFD}"))
        #expect(line.values[1].value == .text("\u{FFFD} \u{FFFD}\u{FFFD}A"))
        #expect(line.values[2].key.name == "\u{FFFD}")
        #expect(line.repairs == 5)
    }

    @Test
    mutating func `keys of an empty and of a great size are refused`() throws {
        let long = String(repeating: "k", count: 1001)
        let nested =
            "{\"\(String(repeating: "n", count: 999))\": {\"ab\": 1}, \"\": 2, \"\(long)\": {\"x\": [3]}, \"\(long.dropLast())\": 4}"

        let line = try reader.read(nested)

        #expect(line.values.map(\.value) == [.integer(4)])
        #expect(line.refusals.count == 3)
        #expect(line.refusals.sentences[1] == "a key is empty; give the value a name")
    }

    @Test
    mutating func `nesting ends at 64`() throws {
        let deepest = "{\"a\":" + String(repeating: "[", count: 63) + "1" + String(repeating: "]", count: 63) + "}"
        let deeper = "{\"a\":" + String(repeating: "[", count: 64) + "1" + String(repeating: "]", count: 64) + "}"

        #expect(try reader.read(deepest).values.count == 1)
        #expect(throws: LineError("it is nested more than 64 deep")) { try reader.read(deeper) }
    }

    @Test(arguments: ["@config", "@tags", "@summary", "@file", "@tensors", "@keys", "@end", "@other", "a"])
    mutating func `no nesting takes the stack`(key: String) {
        for opening in ["[", "{\"b\":"] {
            let text = "{\"\(key)\":" + String(repeating: opening, count: 100_000)
            #expect(throws: LineError.self) { try reader.read(text) }
        }
    }

    @Test
    mutating func `names as SQL and emoji are names like others`() throws {
        let names = ["run_id", "\\\"", ";drop table runs", "😀", "a.b c"]
        let line = try reader.read("{\(names.map { "\"\($0)\": 1" }.joined(separator: ","))}")

        #expect(line.values.map(\.key.name) == ["run_id", "\"", ";drop table runs", "😀", "a.b c"])
    }

    @Test
    mutating func `a key is found again among many others`() throws {
        var generator = SplitMix(seed: TestTier.seed)
        let names = (0..<3000).map { "key\($0 % 7)/\(generator.next() % 100_000)" + ($0 % 3 == 0 ? "é" : "") }
        for name in names {
            let line = try reader.read("{\"\(name)\": 1}")
            #expect(line.values[0].key.name == name, "seed \(TestTier.seed)")
        }
    }
}
