import Testing

@testable import Reports

struct SparklineTests {
    @Test
    func `curves share one scale`() {
        let fast: [Sparkline.Cell] = [.value(0), .value(-2), .value(-4)]
        let slow: [Sparkline.Cell] = [.value(0), .value(-0.4), .value(-1)]
        let scale = Sparkline(of: [fast, slow])

        #expect(scale.text(fast) == "█▅▁")
        #expect(scale.text(slow) == "██▇")
    }

    @Test
    func `what has no number is marked`() {
        let curve: [Sparkline.Cell] = [.value(1), .diverged, .missing]

        #expect(Sparkline(of: [curve]).text(curve) == "▁x·")
    }

    @Test
    func `nothing is too far away to be drawn`() {
        let curve: [Sparkline.Cell] = [.value(0), .value(-.infinity), .value(-300), .value(300), .value(-8)]
        let scale = Sparkline(of: [curve])

        #expect(scale.low == -8)
        #expect(scale.high == 0)
        #expect(scale.text(curve) == "█▁▁█▁")
    }
}
