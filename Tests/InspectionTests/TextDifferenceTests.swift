import Testing
import Tracking

@testable import Inspection

/// Long texts in the cells of a table.
struct TextDifferenceTests {
    private let long = String(repeating: "abcdefghij", count: 10)

    @Test
    func `two long texts are cut to where they begin to differ`() {
        let (first, second) = TextDifference.shortened(
            .text(String(long.prefix(60)) + "1" + long), .text(String(long.prefix(60)) + "2" + long))

        #expect(first == .text("…cdefghij1abcdefghijabc…"))
        #expect(second == .text("…cdefghij2abcdefghijabc…"))
    }

    @Test
    func `what fits and what is no text stays whole`() {
        let (first, second) = TextDifference.shortened(.text("short"), .real(0.1))

        #expect(first == .text("short") && second == .real(0.1))
    }
}
