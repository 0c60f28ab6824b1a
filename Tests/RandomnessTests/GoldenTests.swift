import Foundation
import TestSupport
import Testing

struct GoldenTests {
    private struct Value: Decodable {
        let value: Double
    }

    private func file(check: String, value: String = "0.5") -> Data {
        Data(#"{"meta": {"parse_check_f64": [\#(check)]}, "value": \#(value)}"#.utf8)
    }

    @Test func `a file whose check numbers are read exactly is decoded`() throws {
        let contents = try Golden.decode(file(check: #"[0.1, "3fb999999999999a"]"#), as: Value.self)
        #expect(contents.value == 0.5)
    }

    @Test func `a number read one unit off is refused`() throws {
        let error = #expect(throws: MisreadNumber.self) {
            try Golden.decode(file(check: #"[0.1, "3fb9999999999999"]"#), as: Value.self)
        }
        #expect(
            error?.description
                == "a number was read as the bits 3fb999999999999a, but its file says 3fb9999999999999")
    }

    @Test func `a file without check numbers is refused`() {
        #expect(throws: DecodingError.self) {
            try Golden.decode(Data(#"{"meta": {}, "value": 1}"#.utf8), as: Value.self)
        }
    }

    @Test(arguments: [("\"nan\"", Double.nan), ("\"inf\"", .infinity), ("\"-inf\"", -.infinity), ("-0.0", -0.0)])
    func `special values keep their bits`(text: String, expected: Double) throws {
        let contents = try Golden.decode(file(check: #"[0.1, "3fb999999999999a"]"#, value: text), as: Value.self)
        #expect([contents.value].bits == [expected].bits)
    }

    @Test func `bits tell the zeros apart`() {
        #expect([0.0].bits != [-0.0].bits)
        #expect([Float(0)].bits != [Float(-0.0)].bits)
    }
}
