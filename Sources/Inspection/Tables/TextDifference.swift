package import Tracking

/// Two long texts cut to the place where they begin to differ, for the cells of a table.
package enum TextDifference {
    /// So many characters of a text are shown, some of them before the difference.
    private static let width = 32
    private static let lead = 12

    /// The two values, cut if they are texts that do not fit; `…` stands for what was left out.
    package static func shortened(_ first: QueryValue, _ second: QueryValue) -> (QueryValue, QueryValue) {
        let texts = [first, second].map { value in
            if case .text(let text) = value { Array(text) } else { [Character]() }
        }
        let shared = zip(texts[0], texts[1]).prefix { $0 == $1 }.count
        return (cut(first, at: shared), cut(second, at: shared))
    }

    private static func cut(_ value: QueryValue, at place: Int) -> QueryValue {
        guard case .text(let text) = value, text.count > width else { return value }
        let start = max(0, min(place - lead, text.count - width))
        let shown = text.dropFirst(start).prefix(width)
        return .text((start > 0 ? "…" : "") + shown + (start + width < text.count ? "…" : ""))
    }
}
