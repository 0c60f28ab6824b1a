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
            merged[near].add(mark)
        }
        return merged
    }

    /// The same marks without the one at `index`, which is one with its nearest neighbor; nil if it has none.
    static func joined(_ marks: [EdgeMark], at index: Int, width: Double, height: Double) -> [EdgeMark]? {
        let mark = marks[index]
        let distance = { (other: EdgeMark) in
            abs(other.place.x - mark.place.x) * width + abs(other.place.y - mark.place.y) * height
        }
        let others = marks.indices.filter { $0 != index && marks[$0].isCross == mark.isCross }
        guard let nearest = others.min(by: { distance(marks[$0]) < distance(marks[$1]) }) else { return nil }
        var joined = marks
        joined[nearest].add(mark)
        joined.remove(at: index)
        return joined
    }

    private mutating func add(_ other: EdgeMark) {
        count += other.count
        if style?.color != other.style?.color { style = nil }
    }

    /// Drawn around a place of the picture.
    func svg(x: Double, y: Double) -> String {
        let number = ChartText.number
        guard isCross else {
            let fill = style?.fill ?? "ink"
            return "<path class=\"\(fill)\" d=\"M\(number(x)) \(number(y))\(triangle)\"/>\n"
        }
        let stroke = style?.stroke ?? "line"
        return "<path class=\"\(stroke)\" d=\"M\(number(x - 4)) \(number(y - 4))l8 8m0 -8l-8 8\" stroke-width=\"2\"/>\n"
    }

    enum Side {
        case top, bottom, left, right
    }

    /// The edge that is nearest: a place on it was computed, and may be off by rounding.
    var side: Side {
        let distances: [(side: Side, distance: Double)] = [
            (.top, 1 - place.y), (.bottom, place.y), (.right, 1 - place.x), (.left, place.x),
        ]
        return distances.min { $0.distance < $1.distance }?.side ?? .top
    }

    /// Half of it outside, its tip away from the frame.
    private var triangle: String {
        switch side {
        case .top: "m-6 4h12l-6 -11z"
        case .bottom: "m-6 -4h12l-6 11z"
        case .right: "m-4 -6v12l11 -6z"
        case .left: "m4 -6v12l-11 -6z"
        }
    }
}
