import Testing

@testable import TextFormats

struct NumberTextTests {
    @Test(arguments: [
        (0.1, "0.1"), (3, "3"), (-0.0, "-0"), (1e-8, "1e-08"), (0.00333918819639372, "0.00333918819639372"),
        (.leastNonzeroMagnitude, "5e-324"),
    ])
    func `exact numbers are as short as their bits allow`(value: Double, text: String) {
        #expect(NumberText.exact(value) == text)
        #expect(Double(text)?.bitPattern == value.bitPattern)
    }

    @Test(arguments: [
        (0.0033391, "0.003339"), (2.637, "2.637"), (0, "0"), (123456, "123456"), (9.99996, "10.000"),
        (1.5e-9, "1.500e-09"), (-2e12, "-2.000e+12"), (.infinity, "inf"), (.nan, "nan"),
    ])
    func `rounded numbers have four digits`(value: Double, text: String) {
        #expect(NumberText.rounded(value) == text)
    }

    @Test(arguments: [
        ([2.63701, 2.6312, 2.6498], ["2.637", "2.631", "2.650"]),
        ([0.5, 0.5, 0.5], ["0.5000", "0.5000", "0.5000"]),
        ([20_123.4, 12_345.6, 45_678.9], ["20123", "12346", "45679"]),
        ([1.25, 0.00123, 7.5], ["1.2", "0.0012", "7.5"]),
        ([0.3340958872, 0.3340958871, 0.3340958874], ["0.334096", "0.334096", "0.334096"]),
        ([0.5, 0.25, .infinity], ["0.50", "0.25", "inf"]),
        ([0, 0.123, 0.456], ["0", "0.12", "0.46"]),
    ])
    func `an interval and its estimate are rounded at one place`(values: [Double], texts: [String]) {
        #expect(NumberText.together(values) == texts)
    }

    @Test(arguments: [(1.5, "ok"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")])
    func `the status says what an empty field was`(value: Double, status: String) {
        #expect(NumberText.status(value) == status)
    }
}
