package import Tracking

/// Two long values cut to the place where they begin to differ, for the cells of a table.
package enum TextDifference {
    /// So many characters of a text are shown, some of them before the difference.
    private static let width = 22
    private static let lead = 8

    /// The two values, texts and bytes cut where they do not fit; `…` stands for what was left out.
    package static func shortened(_ first: QueryValue, _ second: QueryValue) -> (QueryValue, QueryValue) {
        let texts = [first, second].map { Array(text($0) ?? "") }
        let shared = zip(texts[0], texts[1]).prefix { $0 == $1 }.count
        return (cut(first, at: shared), cut(second, at: shared))
    }

    private static func text(_ value: QueryValue) -> String? {
        switch value {
        case .text, .blob: CellText.plain(value)
        case .null, .integer, .real: nil
        }
    }

    private static func cut(_ value: QueryValue, at place: Int) -> QueryValue {
        guard let text = text(value), text.count > width else { return value }
        let start = max(0, min(place - lead, text.count - width))
        let shown = text.dropFirst(start).prefix(width)
        return .text((start > 0 ? "…" : "") + shown + (start + width < text.count ? "…" : ""))
    }
}
