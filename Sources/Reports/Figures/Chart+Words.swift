import TextFormats

extension Chart {
    /// What is written beside lines and points, where there is room.
    func words(beside edges: [NumberedEdge]) -> String {
        let (right, bottom) = (plot.left + plot.width, plot.top + plot.height)
        var places = TextPlaces(x: plot.left...right, y: plot.top...bottom, avoiding: marks.flatMap(course))
        for edge in edges { edge.occupy(&places) }
        return marks.map { mark -> String in
            switch mark {
            case .horizontal(let value, let label, let style):
                guard !label.isEmpty, (y.low...y.high).contains(value) else { return "" }
                let line = plot.top + (1 - y.position(value)) * plot.height
                let width = ChartText.width(label, size: 13)
                let room = plot.width - width
                let ends = [right - width - 4, plot.left + 6] + [0.5, 0.25, 0.75].map { plot.left + $0 * room }
                let choices = [line - 5, line + 13].flatMap { y in ends.map { (x: $0, y: y) } }
                return word(label, size: 13, style, places.place(label, size: 13, at: choices))
            case .start(let point, let label), .goal(let point, let label):
                guard !label.isEmpty, isInside(point) else { return "" }
                let (x, y) = place(unit(point))
                let width = ChartText.width(label, size: 14)
                let choices = [
                    (x: x + 11, y: y - 6), (x: x - width - 11, y: y - 6), (x: x + 11, y: y + 16),
                    (x: x - width - 11, y: y + 16), (x: x - width / 2, y: y - 14), (x: x - width / 2, y: y + 26),
                ]
                return word(label, size: 14, nil, places.place(label, size: 14, at: choices))
            default: return ""
            }
        }.joined()
    }

    /// Points along what a mark draws, in the picture, close enough to be found by a text over them.
    private func course(of mark: Mark) -> [(x: Double, y: Double)] {
        switch mark {
        case .line(let points, _): dense([points.map(unit)])
        case .path(let trace, _): dense(trace.lines)
        case .horizontal(let value, _, _):
            dense([[Mark.Point(x: 0, y: y.position(value)), Mark.Point(x: 1, y: y.position(value))]])
        case .marker(let point, _): [place(unit(point))]
        default: []
        }
    }

    private func dense(_ lines: [[Mark.Point]]) -> [(x: Double, y: Double)] {
        lines.flatMap { line in
            zip(line, line.dropFirst()).flatMap { a, b -> [(x: Double, y: Double)] in
                guard let piece = ClippedSegment(a, b) else { return [] }
                let (from, to) = (place(piece.from), place(piece.to))
                let count = max(1, Int(((to.x - from.x).magnitude + (to.y - from.y).magnitude) / 5))
                return (0...count).map { index in
                    let share = Double(index) / Double(count)
                    return (from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
                }
            }
        }
    }

    private func word(
        _ text: String, size: Double, _ style: SeriesStyle?, _ place: (x: Double, y: Double)?
    ) -> String {
        guard let place else { return "" }
        return "<text class=\"\(style?.fill ?? "ink") halo\" x=\"\(number(place.x))\" y=\"\(number(place.y))\" "
            + "font-size=\"\(number(size))\">\(MarkupText.escaped(text))</text>\n"
    }
}
