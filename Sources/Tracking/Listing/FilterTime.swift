import Foundation
import TextFormats

/// A moment in a filter: `-2d`, or the beginning of a time as the notebook has it, such as `2026-11-01`.
struct FilterTime {
    /// What stored times are compared with; times are texts in UTC, in the order of the alphabet.
    let text: String
    /// Whether every time that begins so is meant by `=`, such as those of a day.
    let isPrefix: Bool

    private static let units: [(names: [String], seconds: Double)] = [
        (["s"], 1), (["m", "min"], 60), (["h"], 3600), (["d"], 86_400), (["w"], 604_800),
    ]
    /// Two hundred years: whatever is longer ago has the same answer.
    private static let longest = 200 * 365.25 * 86_400

    /// `now` is the present time as the notebook writes it.
    init(_ value: String, column: String, now: String) throws(TrackingError) {
        if let seconds = Self.age(value), let date = Self.date(now) {
            text = date.addingTimeInterval(-seconds).formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
            isPrefix = false
        } else if Self.isTime(value) {
            text = value.replacing(" ", with: "T")
            isPrefix = true
        } else {
            throw TrackingError(
                .invalidQuery, "'\(value)' is no time, and \(column) is one",
                advice: "write for instance \(column)>-2d (s, m, h, d or w), or \(column)>=2026-11-01, in UTC")
        }
    }

    /// The text of which every time that is meant begins: without the Z, which stands behind a time's last digit.
    var prefix: String { text.hasSuffix("Z") ? String(text.dropLast()) : text }

    /// `-90m` in seconds.
    static func age(_ value: String) -> Double? {
        guard value.hasPrefix("-") else { return nil }
        let digits = value.dropFirst().prefix { $0.isASCII && $0.isNumber }
        let unit = value.dropFirst(digits.count + 1)
        guard let count = Double(digits),
            let seconds = Self.units.first(where: { $0.names.contains(String(unit)) })?.seconds
        else { return nil }
        return min(count * seconds, longest)
    }

    private static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            ?? (try? Date(text, strategy: .iso8601))
    }

    /// Whether it is `2026`, `2026-11`, `2026-11-01`, `2026-11-01T12:30`, `2026-11-01T12:30:05.25Z` and the like.
    private static func isTime(_ value: String) -> Bool {
        let shape = /[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9]{2}(:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)?Z?)?)?)?/
        return value.utf8.count <= 32 && value.wholeMatch(of: shape) != nil
    }
}
