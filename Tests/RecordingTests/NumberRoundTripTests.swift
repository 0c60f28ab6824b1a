import TestSupport
import Testing
import TextFormats

@testable import Recording

/// Numbers come back bit for bit, whatever they are.
struct NumberRoundTripTests {
    private static let count = TestTier.isLong ? 3_000_000 : 30_000

    @Test
    func `every double comes back from its shortest text`() throws {
        var generator = SplitMix(seed: TestTier.seed)
        var reader = LineReader()
        for _ in 0..<Self.count {
            let value = Double(bitPattern: generator.next())
            let line = try reader.read("{\"a\":\(NumberText.json(value))}")
            guard case .real(let read)? = line.values.first?.value else {
                // Whole numbers have no point.
                #expect(line.values.first?.value.double == value, "seed \(TestTier.seed)")
                continue
            }
            #expect(read.bitPattern == value.bitPattern || read.isNaN && value.isNaN, "\(value), seed \(TestTier.seed)")
        }
    }

    @Test
    func `every integer comes back`() throws {
        var generator = SplitMix(seed: TestTier.seed)
        var reader = LineReader()
        for _ in 0..<Self.count {
            let value = Int64(truncatingIfNeeded: generator.next()) >> Int64(generator.next() % 64)
            let line = try reader.read("{\"a\":\(value)}")
            #expect(line.values.first?.value == .integer(value), "seed \(TestTier.seed)")
        }
    }

    @Test
    func `a mantissa with an exponent is the double that Swift reads`() throws {
        var generator = SplitMix(seed: TestTier.seed)
        for _ in 0..<Self.count {
            let mantissa = generator.next() >> (generator.next() % 64)
            let exponent = Int(generator.next() % 60) - 30
            guard let value = DecimalNumber.nearest(mantissa, exponent: exponent) else { continue }
            #expect(value == Double("\(mantissa)e\(exponent)"), "\(mantissa)e\(exponent), seed \(TestTier.seed)")
        }
    }

    @Test(arguments: [
        ("9007199254740993.0", 9_007_199_254_740_992.0), ("9007199254740995.0", 9_007_199_254_740_996),
        ("4503599627370497.5", 4_503_599_627_370_498),
        ("1.00000000000000011102230246251565404", 1), ("1.00000000000000011102230246251565405", 1.0000000000000002),
    ])
    func `halfway between two doubles is the even one`(text: String, value: Double) throws {
        var reader = LineReader()

        #expect(try reader.read("{\"a\":\(text)}").values[0].value == .real(value))
    }

    @Test
    func `random digits are the double that Swift reads`() throws {
        var generator = SplitMix(seed: TestTier.seed)
        var reader = LineReader()
        for _ in 0..<Self.count / 4 {
            let whole = generator.next() >> (generator.next() % 64)
            let fraction = (0..<generator.next() % 30).map { _ in "\(generator.next() % 10)" }.joined()
            let exponent = Int(generator.next() % 700) - 350
            let text = "-\(whole).\(fraction)0e\(exponent)"
            #expect(
                try reader.read("{\"a\":\(text)}").values[0].value == .real(Double(text) ?? .nan),
                "\(text), seed \(TestTier.seed)")
        }
    }
}
