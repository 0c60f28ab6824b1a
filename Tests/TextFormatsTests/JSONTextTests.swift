import Foundation
import Testing

@testable import TextFormats

/// What is refused of a JSON text before anything is decoded from it.
struct JSONTextTests {
    @Test(arguments: [
        ("", "it ends in the middle"),
        ("{", "it ends in the middle"),
        ("{\"a\":1,}", "from byte 8 on"),
        ("[1 2]", "from byte 4 on"),
        ("{\"a\":01}", "from byte 6 on"),
        ("{\"a\":NaN}", "from byte 6 on"),
        ("{\"a\":+1}", "from byte 6 on"),
        ("{}\n{}", "in line 2"),
        ("\"a\u{1}\"", "from byte 3 on"),
        ("\"\\x\"", "from byte 1 on"),
        ("{\"a\":1,\"b\":2,\"a\":3}", "the field 'a' is there twice"),
        ("{\"a\":{\"b\":1,\"\\u0062\":2}}", "the field 'a.b' is there twice"),
        ("{\"a\":[0,1e400]}", "the field 'a.1' is 1e400, which is too large"),
        ("-1e999", "it is -1e999"),
    ])
    func `a text that is no JSON for this program is refused with the place`(text: String, reason: String) {
        let error = #expect(throws: JSONError.self) { try JSONText(Array(text.utf8)) }

        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["[", "{\"a\":"])
    func `no nesting takes the stack`(opening: String) {
        let text = String(repeating: opening, count: 100_000)

        let error = #expect(throws: JSONError.self) { try JSONText(Array(text.utf8)) }

        #expect(error?.description == "it is nested more than 200 deep")
    }

    @Test
    func `a text is read up to a size`() {
        let text = "[" + String(repeating: " ", count: JSONText.largestSize) + "]"

        #expect(throws: JSONError.self) { try JSONText(Array(text.utf8)) }
    }

    @Test(arguments: [
        ("1", "", "1"), (" {\"a\" : -0.0e-3 } ", "a", "-0.0e-3"), ("{\"a\":[null,\"\\u00e9\"]}", "a.1", "\"é\""),
        ("{\"a\":{\"b\":true}}", "a", "a list or an object"), ("[]", "0", nil),
    ])
    func `what stands at a place can be shown`(text: String, place: String, excerpt: String?) throws {
        let path = place.isEmpty ? [] : place.split(separator: ".").map(String.init)

        #expect(try JSONText(Array(text.utf8)).excerpt(at: path) == excerpt)
    }

    @Test
    func `a text is a tree of values with numbers as they are written`() throws {
        let text = try JSONText(Array(#"{"b": [1e-3, 0.10, -0], "a": {"c": "\u00e9", "d": null}, "e": []}"#.utf8))

        let inner = JSONValue.object([.init(name: "c", value: .string("é")), .init(name: "d", value: .word("null"))])
        #expect(
            text.value
                == .object([
                    .init(name: "b", value: .list([.number("1e-3"), .number("0.10"), .number("-0")])),
                    .init(name: "a", value: inner), .init(name: "e", value: .list([])),
                ]))
    }

    @Test(arguments: [
        ("[-0]", "[-0.0]"), ("-0", "-0.0"), ("{\"a\":-0,\"b\":[ -0 , 0]}", "{\"a\":-0.0,\"b\":[ -0.0 , 0]}"),
        ("[-0.5,-0e1,1e-0,1e-05,-10]", "[-0.5,-0e1,1e-0,1e-05,-10]"),
        (#"["-0","\",-0,"#, #"["-0","\",-0,"#), (#"["\\",-0]"#, #"["\\",-0.0]"#),
    ])
    func `minus zero is a number with a fraction`(json: String, written: String) throws {
        #expect(JSONEncoder.withRealZeros(json) == written)
        #expect(NumberText.json(-0.0) == "-0.0")
        #expect(try JSONEncoder().text([-0.0, 0, -1, 1.5]) == "[-0.0,0,-1,1.5]")
    }

    @Test(arguments: [0.1, -0.0, 1e300, .infinity, -.infinity, .nan])
    func `numbers are read back from their own text`(number: Double) throws {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .words
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .words

        let text = try encoder.encode([number])
        let read = try decoder.decode([Double].self, from: text)[0]

        #expect(read.bitPattern == number.bitPattern || read.isNaN && number.isNaN)
        if !number.isFinite { #expect(String(decoding: text, as: UTF8.self) == "[\"\(NumberText.json(number))\"]") }
    }
}
