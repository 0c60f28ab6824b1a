import TextFormats

/// Something that leaves a picture's frame, marked where it does.
struct EdgeMark: Equatable {
    /// In the unit square, at its edge.
    let place: Mark.Point
    /// Nil for several series together.
    private(set) var style: SeriesStyle?
    private(set) var count: Int
    /// A cross stands for runs beyond the edge, a triangle for a line that goes there.
    let isCross: Bool

    init(_ place: Mark.Point, style: SeriesStyle?, count: Int = 1, isCross: Bool = false) {
        (self.place, self.style, self.count, self.isCross) = (place, style, count, isCross)
    }

    /// Marks that would cover each other as one, in a picture of so many pixels.
    static func merged(_ marks: [EdgeMark], width: Double, height: Double) -> [EdgeMark] {
        var merged: [EdgeMark] = []
        for mark in marks {
            let near = merged.firstIndex { other in
                other.isCross == mark.isCross && abs(other.place.x - mark.place.x) * width < 22
                    && abs(other.place.y - mark.place.y) * height < 14
            }
            guard let near else {
                merged.append(mark)
                continue
            }
            merged[near].count += mark.count
            if merged[near].style?.color != mark.style?.color { merged[near].style = nil }
        }
        return merged
    }

    /// Drawn around a place of the picture; a number that would be cut off on the right stands on the left.
    func svg(x: Double, y: Double, plotRight: Double) -> String {
        let number = ChartText.number
        let text: String
        if isCross {
            let stroke = style?.stroke ?? "line"
            text =
                "<path class=\"\(stroke)\" d=\"M\(number(x - 4)) \(number(y - 4))l8 8m0 -8l-8 8\" "
                + "stroke-width=\"2\"/>\n"
        } else {
            let fill = style?.fill ?? "ink"
            text = "<path class=\"\(fill)\" d=\"M\(number(x)) \(number(y))\(triangle)\"/>\n"
        }
        guard count > 1 || isCross else { return text }
        let label = String(count)
        let isLeft = x + 8 + ChartText.width(label, size: 13) > plotRight
        return text + "<text class=\"ink halo\" x=\"\(number(isLeft ? x - 8 : x + 8))\" y=\"\(number(textBase(y)))\" "
            + "font-size=\"13\"\(isLeft ? " text-anchor=\"end\"" : "")>\(label)</text>\n"
    }

    private var isTop: Bool { place.y >= 1 }
    private var isBottom: Bool { place.y <= 0 }

    /// Half of it outside, its tip away from the frame.
    private var triangle: String {
        if isTop { return "m-6 4h12l-6 -11z" }
        if isBottom { return "m-6 -4h12l-6 11z" }
        return place.x >= 1 ? "m-4 -6v12l11 -6z" : "m4 -6v12l-11 -6z"
    }

    private func textBase(_ y: Double) -> Double { isTop ? y + 5 : isBottom ? y - 4 : y - 8 }
}
