import Foundation
import TextFormats
import Tracking

/// How rows and pages are written: the format, the room there is, and what the person who reads asked for.
package struct ListingStyle: Sendable {
    package let format: ListingFormat
    /// The columns of a line of text.
    package let width: Int
    /// The columns of a table's line; where no screen is to be fitted a table is not folded.
    package let tableWidth: Int
    /// To how many significant digits real numbers are rounded; nil leaves every one exact.
    private let digits: Int?
    /// Whether the names of columns stand above the rows; JSON has them in every row.
    package let hasHeader: Bool
    /// Whether a terminal shows words of a state in colors.
    package let isColored: Bool

    package init(
        _ format: ListingFormat, width: Int = .max, tableWidth: Int? = nil, digits: Int? = nil, hasHeader: Bool = true,
        isColored: Bool = false
    ) {
        self.format = format
        self.width = width
        self.tableWidth = tableWidth ?? width
        self.digits = digits
        self.hasHeader = hasHeader
        self.isColored = isColored
    }

    /// The same for a file, which has no edge and no colors.
    package var onPaper: ListingStyle {
        ListingStyle(format, digits: digits, hasHeader: hasHeader)
    }

    /// The number that is shown in place of this one: itself, unless it is to be rounded.
    package func rounded(_ number: Double) -> Double {
        guard let digits, number.isFinite else { return number }
        return Double(String(format: "%.\(max(0, digits - 1))e", locale: nil, number)) ?? number
    }

    /// The value that is shown in place of this one.
    func rounded(_ value: SQLValue) -> SQLValue {
        guard digits != nil, case .real(let number) = value else { return value }
        return .real(rounded(number))
    }

    /// The row that is shown in place of this one.
    func rounded(_ row: [SQLValue]) -> [SQLValue] {
        digits == nil ? row : row.map { rounded($0) }
    }

    /// A number to be read: the shortest text of what ``rounded(_:)`` gives, or a word for what is no number.
    package func text(_ number: Double) -> String {
        CellText.real(rounded(number))
    }

    /// The word for the state of a run or a sweep, in its color where there are colors.
    package func state(_ word: String) -> String {
        color(ofState: word)?.painted(word) ?? word
    }

    /// Nil for words that are no states, and where there are no colors.
    func color(ofState word: String) -> TextColor? {
        isColored ? Self.colors[word] : nil
    }

    private static let colors: [String: TextColor] = [
        "done": .green, "running": .cyan, "open": .cyan, "diverged": .magenta, "failed": .red, "stopped": .red,
        "interrupted": .yellow, "cancelled": .yellow,
    ]
}
