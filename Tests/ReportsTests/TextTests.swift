import Testing

@testable import Reports

/// Numbers and names in Markdown and CSV.
struct TextTests {
    @Test(arguments: [
        (0.1, "0.1"), (1, "1"), (1e-8, "1e-08"), (1e22, "1e+22"), (.leastNonzeroMagnitude, "5e-324"),
        (0.30000000000000004, "0.30000000000000004"), (-2.5, "-2.5"),
    ])
    func `an exact number is the shortest text that reads back`(value: Double, text: String) {
        #expect(NumberText.exact(value) == text)
        #expect(Double(text) == value)
    }

    @Test
    func `random doubles survive CSV bit for bit`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(Double(CSVText.number(value))?.bitPattern == value.bitPattern, "\(value.bitPattern)")
        }
    }

    @Test
    func `a number that is not finite is an empty field with a word beside it`() {
        #expect([Double.nan, .infinity, -.infinity, 1].map { CSVText.number($0) } == ["", "", "", "1"])
        #expect([Double.nan, .infinity, -.infinity, 1].map { CSVText.status($0) } == ["nan", "inf", "-inf", "ok"])
    }

    @Test
    func `commas, quotes and line ends are quoted in CSV`() {
        var csv = CSVText(columns: ["a", "b"])
        csv.append(["x,y", "say \"hi\"\r\nagain"])

        #expect(csv.text == "a,b\r\n\"x,y\",\"say \"\"hi\"\"\r\nagain\"\r\n")
    }

    @Test
    func `a user's text is harmless in Markdown`() {
        #expect(
            MarkdownText.escaped("a|b\n# <script>&`*_[x](y)")
                == "a\\|b \\# &lt;script&gt;&amp;\\`\\*\\_\\[x\\](y)")
        #expect(MarkdownText.fenced("```\nx", language: "sql").hasPrefix("````sql\n"))
    }

    @Test
    func `curves share a scale whose top is the highest start`() {
        let scale = Sparkline(of: [[0, -4, -8, -20], [1, nil, 39]])

        #expect(scale.text([1, -3, -7, -20, nil, 39]) == "█▅▁▁x█")
    }
}
