import Testing

@testable import Recording

/// Numbers as programs print them.
struct PrintedNumberTests {
    @Test(arguments: [
        ("3.2800", LoggedValue.real(3.28), 5, -4), ("0.00", .real(0), 0, -2), ("0.0120", .real(0.012), 3, -4),
        ("-1.5", .real(-1.5), 2, -1),
        ("100", .integer(100), 3, 0), ("-7", .integer(-7), 1, 0), ("+3", .integer(3), 1, 0),
        ("1e-5", .real(1e-5), 1, -5),
        ("1.20E+03", .real(1200), 3, 1), ("1,234.5", .real(1234.5), 5, -1), ("1,234,567", .integer(1_234_567), 7, 0),
        (".5", .real(0.5), 1, -1),
        ("9223372036854775807", .integer(.max), 19, 0), ("9223372036854775808", .real(9.223372036854776e18), 19, 0),
        ("-0", .real(-0.0), 0, 0),
    ])
    func `a number has its value and its digits`(text: String, value: LoggedValue, digits: Int, place: Int) {
        let (token, count) = PrintedNumber.read(Array(text.utf8)[...])

        let precision = PrintedPrecision(significantDigits: digits, lastPlace: place)
        #expect(token == .number(PrintedNumber(value: value, precision: precision)))
        #expect(count == text.utf8.count)
    }

    @Test(arguments: [
        ("nan", Double.nan), ("NaN", .nan), ("-nan", .nan), ("inf", .infinity), ("-inf", -.infinity),
        ("Infinity", .infinity), ("+Inf", .infinity),
    ])
    func `words are numbers without digits`(text: String, value: Double) {
        let (token, _) = PrintedNumber.read(Array(text.utf8)[...])

        #expect(
            token
                == .number(
                    PrintedNumber(
                        value: .real(value), precision: PrintedPrecision(significantDigits: 0, lastPlace: nil))))
    }

    @Test(arguments: ["1,234", "0,25", "12,34", "1,23,4", "1234,567.8"])
    func `a comma that may be two things is ambiguous`(text: String) {
        #expect(PrintedNumber.read(Array(text.utf8)[...]).token == .ambiguous)
    }

    @Test(arguments: ["", "-", ".", "abc", "nano", "infinite", "e5"])
    func `what does not begin with a number is none`(text: String) {
        #expect(PrintedNumber.read(Array(text.utf8)[...]).token == .other)
    }
}
