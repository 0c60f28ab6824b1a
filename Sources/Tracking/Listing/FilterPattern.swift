import Foundation
import TextFormats

/// A regular expression of a filter, with an end to what a hostile one can cost.
///
/// Foundation's engine (ICU) tells at each place of a text, and every few thousand steps, that it is still looking, and stops when
/// asked to; Swift's own cannot be stopped, and takes 2^n steps for `(a+)+$` on n letters.
struct FilterPattern {
    /// Characters of a pattern.
    private static let longest = 1000
    /// How often the engine may say that it is still looking beyond once for each place, in all texts together: about half a second.
    private static let patience = 2000
    /// So many characters of a text are looked at.
    private static let longestSubject = 10_000

    private let text: String
    private let expression: NSRegularExpression
    private var patience = Self.patience
    private var known: [String: Bool] = [:]

    init(_ text: String, ignoresCase: Bool) throws(TrackingError) {
        guard text.count <= Self.longest else {
            throw TrackingError(
                .invalidQuery,
                "the regular expression '\(text.prefix(40))...' is longer than \(Self.longest) characters")
        }
        guard let expression = try? NSRegularExpression(pattern: text, options: ignoresCase ? [.caseInsensitive] : [])
        else {
            throw TrackingError(
                .invalidQuery, "'\(text)' is no regular expression",
                advice: "write for instance name=~/^base/, and \\ before a sign that is meant as it is")
        }
        (self.text, self.expression) = (text, expression)
    }

    /// Whether it matches a part of `subject`.
    mutating func matches(_ subject: String) throws(TrackingError) -> Bool {
        if let answer = known[subject] { return answer }
        let part = String(subject.prefix(Self.longestSubject))
        let range = NSRange(part.startIndex..., in: part)
        var (isFound, left) = (false, patience + range.length + 1)
        expression.enumerateMatches(
            in: part, options: .reportProgress, range: range
        ) { match, _, stop in
            if match != nil { isFound = true }
            left -= isFound ? 0 : 1
            if isFound || left < 0 { stop.pointee = true }
        }
        guard isFound || left >= 0 else {
            throw TrackingError(
                .invalidQuery, "the regular expression '\(text)' takes too many steps on '\(subject.prefix(40))'",
                advice: "write it without repetitions of repetitions")
        }
        patience = min(patience, left)
        known[subject] = isFound
        return isFound
    }
}
