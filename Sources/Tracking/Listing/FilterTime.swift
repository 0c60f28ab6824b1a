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
        let advice: MessageText =
            "write for instance \(column)>-2d (s, m, h, d or w), or \(column)>=2026-11-01, in UTC"
        if let seconds = Self.age(value), let date = Self.date(now) {
            text = date.addingTimeInterval(-seconds).formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
            isPrefix = false
        } else if Self.isTime(value) {
            // As texts, days that there never were have a place among the others.
            if let reason = Self.impossibility(of: value) {
                throw TrackingError(
                    .invalidQuery, "'\(value)' is no \(value.count > 10 ? "time" : "date"), because \(reason)",
                    advice: advice)
            }
            text = value.replacing(" ", with: "T")
            isPrefix = true
        } else {
            throw TrackingError(.invalidQuery, "'\(value)' is no time, and \(column) is one", advice: advice)
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

    /// Why no calendar or clock shows what has the form of a time; nil where one does.
    private static func impossibility(of value: String) -> String? {
        let numbers = value.split { !$0.isNumber }.map { Int($0) ?? 0 }
        if numbers.count > 1, !(1...12).contains(numbers[1]) { return "there is no month \(numbers[1])" }
        if numbers.count > 2 {
            let days = days(inMonth: numbers[1], of: numbers[0])
            guard (1...days).contains(numbers[2]) else { return "\(value.prefix(7)) has the days 1 to \(days)" }
        }
        for (place, name, count) in [(3, "hour", 24), (4, "minute", 60), (5, "second", 60)]
        where numbers.count > place && numbers[place] >= count {
            return "there is no \(name) \(numbers[place])"
        }
        return nil
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
