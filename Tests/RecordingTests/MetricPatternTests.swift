import Testing

@testable import Recording

/// Metrics that the user's pattern names.
struct MetricPatternTests {
    @Test(arguments: [
        (
            #"step (?<step>\d+).*loss (?<loss>\S+)"#, "at step 7 the loss 0.250",
            "a match of the pattern | step 7 by step | loss=0.25(3, -3)"
        ),
        (#"(?P<loss>[\d.]+)"#, "x 0.5 0.7", "a match of the pattern | loss=0.5(1, -1)"),
        (#"(?<a>\w+)( (?<b>\d+\w*))?"#, "5", "a match of the pattern | a=5(1, 0)"),
        (#"t=(?<t>\S+)"#, "t=12ms", "a match of the pattern | t=12(2, 0) ms"), (#"t=(?<t>\S+)"#, "t=abc", nil),
        (#"t=(?<t>\S+)"#, "t=1,234", nil),
        (#"t=(?<t>\S+)"#, "x", nil), (#"(?<=b)=(?<val/x>\S+)"#, "é b=2.5", "a match of the pattern | val/x=2.5(2, -1)"),
        (#"(?<step>\S+) (?<x>\S+)"#, "-1 2", "a match of the pattern | x=2(1, 0)"),
    ])
    func `each named group is a metric`(pattern: String, text: String, taken: String?) throws {
        var recognizer = OutputRecognizer(pattern: try MetricPattern(pattern))
        let found = recognizer.recognize(OutputLine(text))

        #expect(found.taken == taken)
        #expect((found.reason == nil) == (taken != nil))
    }

    @Test(arguments: [
        ("(", "'(' is no regular expression; check"),
        ("loss", "'loss' names no metric; write a group such as (?<loss>\\S+)"),
        ("(?<step>a)", "names no metric"), ("(?<=a)b", "names no metric"), (#"\(?<loss>"#, "names no metric"),
        ("(?<a>x)(?<a>y)", "two groups of one name"),
    ])
    func `a pattern that names nothing is refused`(pattern: String, reason: String) {
        let error = #expect(throws: MetricPatternError.self) { try MetricPattern(pattern) }

        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test
    func `names are known before any line`() throws {
        #expect(
            try MetricPattern(#"(?<step>\d+) (?P<a_b>\d) (?<!x)[(?<n>](?<val/c>y)"#).names == ["step", "a_b", "val/c"])
    }
}
