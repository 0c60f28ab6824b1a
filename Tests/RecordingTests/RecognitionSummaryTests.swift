import Testing

@testable import Recording

/// What is said after the first lines.
struct RecognitionSummaryTests {
    private func sentence(_ lines: [String]) -> String {
        var recognizer = OutputRecognizer()
        var summary = RecognitionSummary()
        for line in lines { summary.add(recognizer.recognize(OutputLine(line))) }
        return summary.sentence
    }

    @Test(arguments: [
        (
            ["hello", "step:1/9 loss:0.5 t:3ms", "step:2/9 loss:0.4 t:5ms"],
            "2 of 3 lines hold metrics: loss, t (ms) as keys with values; the step is 'step'."
        ),
        (
            ["{'loss': 0.5}", "acc: 0.5"],
            "2 of 2 lines hold metrics: loss as a Python dictionary; acc as keys with values; no step is printed, so rows are counted."
        ),
        (["hello"], "None of 1 line holds metrics."),
        (["Namespace(lr=1)", "x"], "None of 2 lines holds metrics; 1 repeats settings."),
        (
            ["step 1 loss 0.5", "iter 1 loss 0.5"],
            "2 of 2 lines hold metrics: loss as keys with values; the steps are 'step', 'iter'."
        ),
    ])
    func `one sentence says which keys are in which form`(lines: [String], expected: String) {
        #expect(sentence(lines) == expected)
    }

    @Test
    func `many keys are counted`() {
        let pairs = (0..<12).map { "k\($0)=0.5" }.joined(separator: " ")

        #expect(
            sentence(["step=1 \(pairs)"])
                == "1 of 1 line holds metrics: k0, k1, k2, k3, k4, k5, k6, k7 and 4 more as keys with values; the step is 'step'."
        )
    }
}
