import TextFormats

/// A picture with two axes, as standalone SVG without scripts, fonts or links.
///
/// Made for a phone first: at 390 pixels its text is ten pixels high.
struct Chart: Sendable {
    let title: String
    /// What a reader who cannot see it must know.
    let description: String
    /// What line, band and dots are, for the text below the picture.
    let caption: String
    let x: Axis
    let y: Axis
    let marks: [Mark]
    /// What the lines are called, in the order of the labels.
    let labels: [Label]

    struct Label: Sendable {
        let text: String
        let style: SeriesStyle
        /// Whether the series has its shape in the picture, too.
        var hasShape = false
        /// Whether its line has no dashes, which would fall apart in a path that turns often.
        var isSolid = false
    }

    static let width = 560.0
    static let plotHeight = 320.0
    private static let size = 15.0
    private static let top = 64.0
    private static let right = 14.0

    var svg: String {
        let legend = legend
        let height = ChartText.number(legend.bottom + 12)
        let plot = plot
        let frame =
            "x=\"\(number(plot.left))\" y=\"\(number(plot.top))\" width=\"\(number(plot.width))\" "
            + "height=\"\(number(plot.height))\""
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 \(height)" width="672" \
            height="\(number((legend.bottom + 12) * 1.2))" role="img" font-family="system-ui, sans-serif" font-size="15">
            <title>\(MarkupText.escaped(title))</title>
            <desc>\(MarkupText.escaped(description))</desc>
            <style>
            .paper { fill: #ffffff } .ink { fill: #1f2328 } .line { stroke: #1f2328 } .rule { stroke: #8c959f }
            .grid { stroke: #e4e8ec } .contour { stroke: #b9c1ca } .dot { fill: #6e7781 }
            .halo { stroke: #ffffff; stroke-width: 4; stroke-linejoin: round; paint-order: stroke }
            \(SeriesStyle.rules(isDark: false))
            @media (prefers-color-scheme: dark) {
            .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .line { stroke: #e6edf3 } .rule { stroke: #6e7681 }
            .grid { stroke: #242b33 } .contour { stroke: #3d444d } .dot { fill: #9198a1 } .halo { stroke: #0d1117 }
            \(SeriesStyle.rules(isDark: true))
            }
            </style>
            <rect class="paper" width="560" height="\(height)"/>
            <text class="ink" x="12" y="24" font-size="17" font-weight="600">\(escaped(title, size: 17))</text>
            <text class="ink" x="12" y="48">\(escaped(y.label, size: Self.size))</text>
            \(axes)<clipPath id="\(clip)"><rect \(frame)/></clipPath>
            <g clip-path="url(#\(clip))" fill="none" stroke-linecap="round" stroke-linejoin="round">
            \(marks.map(drawn).joined())</g>
            \(edges)\(points)\(words)\(legend.text)</svg>

            """
    }

    // MARK: - Axes

    /// Where the values are drawn; the numbers of the y axis need room.
    private var plot: (left: Double, top: Double, width: Double, height: Double) {
        let longest = yTicks.map { ChartText.width($0.text, size: Self.size) }.max() ?? 0
        let left = max(36, longest + 18)
        return (left, Self.top, Self.width - left - Self.right, Self.plotHeight)
    }

    private var yTicks: [(place: Double, text: String)] { y.ticks(atMost: 7) }

    /// As many as stand beside each other with room between them.
    private var xTicks: [(place: Double, text: String)] {
        for limit in stride(from: 8, through: 2, by: -1) {
            let ticks = x.ticks(atMost: limit)
            let isWide = zip(ticks, ticks.dropFirst()).allSatisfy { first, second in
                let room = (x.position(second.place) - x.position(first.place)) * plot.width
                let text = ChartText.width(first.text, size: Self.size) + ChartText.width(second.text, size: Self.size)
                return room > text / 2 + 10
            }
            if isWide { return ticks }
        }
        return x.ticks(atMost: 2)
    }

    /// A name of its own, so that several pictures can stand in one page.
    private var clip: String {
        "plot-" + title.lowercased().filter { $0.isASCII && $0.isLetter }
    }

    private var axes: String {
        let plot = plot
        let (bottom, right) = (plot.top + plot.height, plot.left + plot.width)
        var text = ""
        for tick in xTicks {
            let place = plot.left + x.position(tick.place) * plot.width
            // The first and the last number must not be cut off.
            let half = ChartText.width(tick.text, size: Self.size) / 2
            let middle = min(max(place, half + 2), Self.width - half - 2)
            text += "<path class=\"grid\" d=\"M\(number(place)) \(number(plot.top))V\(number(bottom))\"/>\n"
            text +=
                "<text class=\"ink\" x=\"\(number(middle))\" y=\"\(number(bottom + 20))\" text-anchor=\"middle\">"
                + "\(tick.text)</text>\n"
        }
        for tick in yTicks {
            let place = plot.top + (1 - y.position(tick.place)) * plot.height
            text += "<path class=\"grid\" d=\"M\(number(plot.left)) \(number(place))H\(number(right))\"/>\n"
            text +=
                "<text class=\"ink\" x=\"\(number(plot.left - 8))\" y=\"\(number(place + 5))\" text-anchor=\"end\">"
                + "\(tick.text)</text>\n"
        }
        return text + """
            <path class="rule" fill="none" \
            d="M\(number(plot.left)) \(number(plot.top))V\(number(bottom))H\(number(right))"/>
            <text class="ink" x="\(number(plot.left + plot.width / 2))" y="\(number(bottom + 42))" text-anchor="middle">\
            \(escaped(x.label, size: Self.size))</text>

            """
    }

    // MARK: - Marks

    private func drawn(_ mark: Mark) -> String {
        switch mark {
        case .line(let points, let style):
            return "<path d=\"\(path(points))\"\(Self.stroke(style)) stroke-width=\"2\"/>\n"
        case .band(let places, let style):
            let shown = places.filter { !$0.low.isNaN && !$0.high.isNaN && $0.low < .infinity }
            guard shown.count > 1 else { return "" }
            let corners =
                shown.map { Mark.Point(x: $0.x, y: $0.high) } + shown.reversed().map { Mark.Point(x: $0.x, y: $0.low) }
            let outline = corners.map { corner in
                let (x, y) = place(unit(corner))
                return "\(number(x)) \(number(y))"
            }
            return "<path class=\"\(style.fill)\" d=\"M\(outline.joined(separator: "L"))Z\" fill-opacity=\"0.15\"/>\n"
        case .path(let trace, let style):
            guard !trace.lines.isEmpty else { return "" }
            return "<path class=\"\(style.stroke)\" d=\"\(trace.lines.map(line).joined())\" stroke-width=\"1.5\"/>\n"
        case .contour(let points):
            let corners = points.map { point in
                let (x, y) = place(unit(point))
                return "\(number(x)) \(number(y))"
            }
            return "<path class=\"contour\" d=\"M\(corners.joined(separator: "L"))Z\"/>\n"
        case .dots(let points):
            return points.map { point in
                let (x, y) = place(unit(point))
                return "<circle class=\"dot\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"2.5\"/>\n"
            }.joined()
        case .vertical(let value, let style):
            let plot = plot
            let x = number(plot.left + x.position(value) * plot.width)
            return "<path d=\"M\(x) \(number(plot.top))V\(number(plot.top + plot.height))\"\(Self.stroke(style)) "
                + "stroke-width=\"1.5\"/>\n"
        case .horizontal(let value, _, let style):
            let plot = plot
            let y = number(plot.top + (1 - y.position(value)) * plot.height)
            return "<path class=\"\(style?.stroke ?? "line")\" d=\"M\(number(plot.left)) \(y)"
                + "H\(number(plot.left + plot.width))\" stroke-width=\"1.2\" stroke-dasharray=\"1 4\"/>\n"
        case .above, .marker, .start, .goal: return ""
        }
    }

    /// Above the clipped lines, so that none is cut off at the edge.
    private var points: String {
        marks.map { mark -> String in
            switch mark {
            case .marker(let point, let style):
                let (x, y) = place(unit(point))
                guard isInside(point) else { return "" }
                return "<path class=\"\(style.fill)\" d=\"M\(number(x)) \(number(y))\(style.shape(radius: 4.5))\"/>\n"
            case .start(let point, _):
                let (x, y) = place(unit(point))
                guard isInside(point) else { return "" }
                return "<circle class=\"line\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"6\" fill=\"none\" "
                    + "stroke-width=\"1.5\"/>\n"
            case .goal(let point, _):
                let (x, y) = place(unit(point))
                guard isInside(point) else { return "" }
                return "<path class=\"line\" d=\"M\(number(x - 7)) \(number(y))h14m-7 -7v14\" stroke-width=\"1.5\"/>\n"
            default: return ""
            }
        }.joined()
    }

    /// What is written beside lines and points, where there is room.
    private var words: String {
        let plot = plot
        let (right, bottom) = (plot.left + plot.width, plot.top + plot.height)
        var places = TextPlaces(x: plot.left...right, y: plot.top...bottom, avoiding: marks.flatMap(course))
        return marks.map { mark -> String in
            switch mark {
            case .horizontal(let value, let label, let style):
                guard !label.isEmpty, (y.low...y.high).contains(value) else { return "" }
                let line = plot.top + (1 - y.position(value)) * plot.height
                let width = ChartText.width(label, size: 13)
                let ends = [right - width - 4, plot.left + 6, plot.left + (plot.width - width) / 2]
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

    // MARK: - The frame's edges

    /// A triangle where something leaves the frame, with a number where several do, and a cross with a number for runs
    /// that lie above.
    private var edges: String {
        var leaving: [EdgeMark] = []
        for mark in marks {
            switch mark {
            case .line(let points, let style):
                for place in exits(of: points) { leaving.append(EdgeMark(place, style: style)) }
            case .path(let trace, let style):
                for (place, count) in trace.exits { leaving.append(EdgeMark(place, style: style, count: count)) }
            case .above(let value, let count, let style):
                guard (x.low...x.high).contains(value) else { continue }
                leaving.append(
                    EdgeMark(Mark.Point(x: x.position(value), y: 1), style: style, count: count, isCross: true))
            default: continue
            }
        }
        let plot = plot
        // A line that goes to the runs above needs no mark of its own.
        let crosses = leaving.filter(\.isCross).map { $0.place.x * plot.width }
        let shown = leaving.filter { mark in
            mark.isCross || mark.place.y < 1 || !crosses.contains { abs($0 - mark.place.x * plot.width) < 8 }
        }
        return EdgeMark.merged(shown, width: plot.width, height: plot.height).map { mark in
            let (x, y) = place(mark.place)
            return mark.svg(x: x, y: y, plotRight: plot.left + plot.width)
        }.joined()
    }

    /// Where a line goes out of the unit square.
    private func exits(of points: [Mark.Point]) -> [Mark.Point] {
        zip(points, points.dropFirst()).compactMap { a, b in
            guard let piece = ClippedSegment(bounded(unit(a)), bounded(unit(b))), piece.leaves else { return nil }
            return piece.to
        }
    }

    // MARK: - Places

    private func unit(_ point: Mark.Point) -> Mark.Point {
        Mark.Point(x: x.position(point.x), y: y.position(point.y))
    }

    private func isInside(_ point: Mark.Point) -> Bool {
        (x.low...x.high).contains(point.x) && (y.low...y.high).contains(point.y)
    }

    /// An infinite height is right beyond the edge, so that a line to it ends above or below its own place; what is no
    /// number stays none.
    private func bounded(_ point: Mark.Point) -> Mark.Point {
        point.y.isInfinite ? Mark.Point(x: point.x, y: point.y < 0 ? -1e-6 : 1 + 1e-6) : point
    }

    /// From the unit square to the picture; nothing is placed farther away than numbers should be long.
    private func place(_ point: Mark.Point) -> (x: Double, y: Double) {
        let plot = plot
        let near = { (value: Double) in min(max(value, -20), 21) }
        return (plot.left + near(point.x) * plot.width, plot.top + (1 - near(point.y)) * plot.height)
    }

    private func path(_ points: [Mark.Point]) -> String {
        var text = ""
        var end: Mark.Point?
        for (a, b) in zip(points, points.dropFirst()) {
            guard let piece = ClippedSegment(bounded(unit(a)), bounded(unit(b))) else {
                end = nil
                continue
            }
            text += (piece.from == end ? "" : command("M", piece.from)) + command("L", piece.to)
            end = piece.to
        }
        return text
    }

    private func line(_ points: [Mark.Point]) -> String {
        points.enumerated().map { command($0 == 0 ? "M" : "L", $1) }.joined()
    }

    private func command(_ letter: String, _ point: Mark.Point) -> String {
        let (x, y) = place(point)
        return "\(letter)\(number(x)) \(number(y))"
    }

    private static func stroke(_ style: SeriesStyle) -> String {
        let dash = style.dashes.isEmpty ? "" : " stroke-dasharray=\"\(style.dashes)\""
        return " class=\"\(style.stroke)\"\(dash)"
    }

    private func number(_ value: Double) -> String { ChartText.number(value) }

    private func escaped(_ text: String, size: Double) -> String {
        MarkupText.escaped(ChartText.shortened(text, to: Int((Self.width - 24) / size / 0.56)))
    }

    // MARK: - Legend

    /// Below the plot, in as many rows as it takes.
    private var legend: (text: String, bottom: Double) {
        let first = Self.top + Self.plotHeight + 42
        var (x, y) = (12.0, first + 30)
        var text = ""
        for label in labels {
            let name = ChartText.shortened(label.text, to: 56)
            let width = 40 + ChartText.width(name, size: Self.size) + 18
            if x > 12, x + width > Self.width { (x, y) = (12, y + 24) }
            let line = number(y - 5)
            let stroke = label.isSolid ? " class=\"\(label.style.stroke)\"" : Self.stroke(label.style)
            text += "<path d=\"M\(number(x)) \(line)h32\"\(stroke) stroke-width=\"2.5\"/>\n"
            if label.hasShape {
                let shape = label.style.shape(radius: 4.5)
                text += "<path class=\"\(label.style.fill)\" d=\"M\(number(x + 16)) \(line)\(shape)\"/>\n"
            }
            text +=
                "<text class=\"ink\" x=\"\(number(x + 40))\" y=\"\(number(y))\">"
                + "\(MarkupText.escaped(name))</text>\n"
            x += width
        }
        return (text, labels.isEmpty ? first : y)
    }
}
