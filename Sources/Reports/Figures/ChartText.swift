import TextFormats

/// Text and numbers inside a picture.
enum ChartText {
    /// With one decimal at most.
    static func number(_ value: Double) -> String {
        let text = NumberText.fixed(value, decimals: 1)
        if text == "-0.0" { return "0" }
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// About how wide a text is: no font is at hand, so a wide one is assumed, DejaVu Sans.
    static func width(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + share($1) } * size
    }

    /// How wide a character is as a part of the text's size.
    private static func share(_ character: Character) -> Double {
        switch character {
        case "i", "j", "l", ".", ",", "'", " ", "|", ":", ";", "I": 0.32
        case "f", "r", "t", "-", "(", ")", "[", "]", "/": 0.41
        case "c", "k", "s", "z", "v", "x", "y", "_", "J": 0.57
        case "m", "w", "M", "W", "@", "%", "…": 0.97
        case "=", "+", "<", ">", "A"..."Z": 0.8
        default: 0.635
        }
    }

    /// Names that share their beginning differ at their end, so the middle is what goes.
    static func shortened(_ text: String, to count: Int) -> String {
        guard text.count > count, count > 3 else { return text }
        let first = (count - 1) / 3
        return "\(text.prefix(first))…\(text.suffix(count - 1 - first))"
    }
}

/// Where lines and texts are already, so that the next text finds the freest place.
struct TextPlaces {
    private var taken: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
    private let bounds: (x: ClosedRange<Double>, y: ClosedRange<Double>)
    /// What is better not covered.
    private let lines: [(x: Double, y: Double)]

    init(x: ClosedRange<Double>, y: ClosedRange<Double>, avoiding lines: [(x: Double, y: Double)]) {
        bounds = (x, y)
        self.lines = lines
    }

    /// Keeps texts away from something else.
    mutating func take(x: ClosedRange<Double>, y: ClosedRange<Double>) { taken.append((x: x, y: y)) }

    /// Of `choices`, the left ends of a text's base line, the first one that covers no other text and least of the lines;
    /// nil if there is none.
    mutating func place(
        _ text: String, size: Double, at choices: [(x: Double, y: Double)]
    ) -> (x: Double, y: Double)? {
        let width = ChartText.width(text, size: size)
        let free = choices.compactMap { x, y -> (place: (x: Double, y: Double), cost: Int)? in
            let box = (x: x...x + width, y: y - size * 0.8...y + size * 0.25)
            let isInside =
                bounds.x.contains(box.x.lowerBound) && bounds.x.contains(box.x.upperBound)
                && bounds.y.contains(box.y.lowerBound) && bounds.y.contains(box.y.upperBound)
            guard isInside, !taken.contains(where: { $0.x.overlaps(box.x) && $0.y.overlaps(box.y) }) else { return nil }
            return ((x, y), lines.count { box.x.contains($0.x) && box.y.contains($0.y) })
        }
        guard let best = free.min(by: { $0.cost < $1.cost })?.place else { return nil }
        taken.append((x: best.x...best.x + width, y: best.y - size...best.y + size * 0.3))
        return best
    }
}
