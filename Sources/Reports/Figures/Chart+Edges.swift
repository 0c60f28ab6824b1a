extension Chart {
    /// A triangle where something leaves the frame, with a number where several do, and a cross with a number for runs
    /// that lie above.
    func edges(_ marks: [NumberedEdge]) -> String {
        marks.map { edge in
            let text = edge.mark.svg(x: edge.x, y: edge.y)
            guard let number = edge.number else { return text }
            return text + "<text class=\"ink halo\" x=\"\(self.number(number.x))\" y=\"\(self.number(number.y))\" "
                + "font-size=\"\(self.number(NumberedEdge.size))\">\(edge.mark.count)</text>\n"
        }.joined()
    }

    /// Everything that leaves the frame, marks that would cover each other as one.
    var leaving: [EdgeMark] {
        var leaving: [EdgeMark] = []
        for mark in marks {
            switch mark {
            case .line(let points, let style):
                for place in crossings(of: points) { leaving.append(EdgeMark(place, style: style)) }
            case .path(let trace, let style):
                for (place, count) in trace.exits { leaving.append(EdgeMark(place, style: style, count: count)) }
            case .above(let value, let count, let style):
                guard (x.low...x.high).contains(value) else { continue }
                leaving.append(
                    EdgeMark(Mark.Point(x: x.position(value), y: 1), style: style, count: count, isCross: true))
            default: continue
            }
        }
        // A line that goes to the runs above needs no mark of its own.
        let crosses = leaving.filter(\.isCross).map { $0.place.x * plot.width }
        let shown = leaving.filter { mark in
            mark.isCross || mark.side != .top || !crosses.contains { abs($0 - mark.place.x * plot.width) < 8 }
        }
        return EdgeMark.merged(shown, width: plot.width, height: plot.height)
    }

    /// The same with places for their numbers.
    ///
    /// Where there is none for a number, its mark becomes one with its neighbor.
    var numberedEdges: [NumberedEdge] {
        var marks = leaving
        while true {
            var places = TextPlaces(
                x: 2...Self.width - 2, y: plot.top - 14...plot.top + plot.height + 8, avoiding: [])
            var edges = marks.map { mark in
                let (x, y) = place(mark.place)
                return NumberedEdge(mark: mark, x: x, y: y)
            }
            for edge in edges { edge.occupy(&places) }
            let crowded = edges.indices.first { !edges[$0].findNumber(&places) }
            guard let crowded, let joined = EdgeMark.joined(marks, at: crowded, width: plot.width, height: plot.height)
            else { return edges }
            marks = joined
        }
    }

    /// Where a line goes out of the unit square, or comes from there.
    private func crossings(of points: [Mark.Point]) -> [Mark.Point] {
        zip(points, points.dropFirst()).flatMap { a, b -> [Mark.Point] in
            guard let piece = ClippedSegment(bounded(unit(a)), bounded(unit(b))) else { return [] }
            return (piece.enters ? [piece.from] : []) + (piece.leaves ? [piece.to] : [])
        }
    }
}

/// A mark at the edge with the place of its number.
struct NumberedEdge {
    let mark: EdgeMark
    /// In the picture.
    let x: Double
    let y: Double
    /// The left end of the number's base line; nil where it counts but one.
    private(set) var number: (x: Double, y: Double)?

    static let size = 13.0

    init(mark: EdgeMark, x: Double, y: Double) {
        (self.mark, self.x, self.y) = (mark, x, y)
    }

    /// Keeps other texts away from the mark, and from its number, so that two numbers are not read as one.
    func occupy(_ places: inout TextPlaces) {
        places.take(x: x - 6...x + 6, y: y - 6...y + 6)
        guard let number else { return }
        let width = ChartText.width(String(mark.count), size: Self.size)
        places.take(x: number.x - 5...number.x + width + 5, y: number.y - Self.size...number.y + 2)
    }

    /// False if the number has no place: beside the mark, on the right or else on the left.
    mutating func findNumber(_ places: inout TextPlaces) -> Bool {
        guard mark.count > 1 || mark.isCross else { return true }
        let text = String(mark.count)
        let (right, left) = (x + 9, x - 9 - ChartText.width(text, size: Self.size))
        number = places.place(text, size: Self.size, at: choices(right: right, left: left))
        occupy(&places)
        return number != nil
    }

    private func choices(right: Double, left: Double) -> [(x: Double, y: Double)] {
        switch mark.side {
        case .top: [(right, y + 5), (left, y + 5)]
        case .bottom: [(right, y - 2), (left, y - 2)]
        case .right: [(left, y + 5)]
        case .left: [(right, y + 5)]
        }
    }
}
