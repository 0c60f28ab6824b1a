import TextFormats

/// A picture with two axes, as standalone SVG without scripts, fonts or links.
///
/// Made for a phone first: at 390 pixels its text is ten pixels high.
struct Chart: Sendable {
    let title: String
    /// What a reader who cannot see it must know.
    let description: String
    /// What line, band and dots are.
    let meaning: String
    let x: Axis
    let y: Axis
    let marks: [Mark]
    /// What the lines are called, in the order of the labels.
    let labels: [Label]

    private let yTicks: [(place: Double, text: String)]
    /// Where the values are drawn; the numbers of the y axis need room.
    ///
    /// Stored, because every point of every line asks for it.
    let plot: (left: Double, top: Double, width: Double, height: Double)

    init(
        title: String, description: String, meaning: String, x: Axis, y: Axis, marks: [Mark], labels: [Label]
    ) {
        (self.title, self.description, self.meaning) = (title, description, meaning)
        (self.x, self.y, self.marks, self.labels) = (x, y, marks, labels)
        yTicks = y.ticks(atMost: 7)
        let longest = yTicks.map { ChartText.width($0.text, size: Self.size) }.max() ?? 0
        let left = max(36, longest + 18)
        plot = (left, Self.top, Self.width - left - Self.right, Self.plotHeight)
    }

    /// The text below the picture: what everything in it is, also at its edges.
    var caption: String {
        guard leaving.contains(where: { !$0.isCross }) else { return meaning }
        return "\(meaning) A triangle is where a line leaves the picture, with a number where it counts for several."
    }

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
    static let size = 15.0
    static let top = 64.0
    private static let right = 14.0

    var svg: String {
        let legend = legend
        let height = ChartText.number(legend.bottom + 12)
        let (plot, edgeMarks) = (plot, numberedEdges)
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
            .grid { stroke: #242b33 } .contour { stroke: #4d5661 } .dot { fill: #9198a1 } .halo { stroke: #0d1117 }
            \(SeriesStyle.rules(isDark: true))
            }
            </style>
            <rect class="paper" width="560" height="\(height)"/>
            <text class="ink" x="12" y="24" font-size="17" font-weight="600">\(escaped(title, size: 17))</text>
            <text class="ink" x="12" y="48">\(escaped(y.label, size: Self.size))</text>
            \(axes)<clipPath id="\(clip)"><rect \(frame)/></clipPath>
            <g clip-path="url(#\(clip))" fill="none" stroke-linecap="round" stroke-linejoin="round">
            \(marks.map(drawn).joined())</g>
            \(edges(edgeMarks))\(points)\(words(beside: edgeMarks))\(legend.text)</svg>

            """
    }

    // MARK: - Axes

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

    // MARK: - Places

    func unit(_ point: Mark.Point) -> Mark.Point {
        Mark.Point(x: x.position(point.x), y: y.position(point.y))
    }

    func isInside(_ point: Mark.Point) -> Bool {
        (x.low...x.high).contains(point.x) && (y.low...y.high).contains(point.y)
    }

    /// An infinite height is right beyond the edge, so that a line to it ends above or below its own place; what is no
    /// number stays none.
    func bounded(_ point: Mark.Point) -> Mark.Point {
        point.y.isInfinite ? Mark.Point(x: point.x, y: point.y < 0 ? -1e-6 : 1 + 1e-6) : point
    }

    /// From the unit square to the picture; nothing is placed farther away than numbers should be long.
    func place(_ point: Mark.Point) -> (x: Double, y: Double) {
        let near = { (value: Double) in min(max(value, -20), 21) }
        return (plot.left + near(point.x) * plot.width, plot.top + (1 - near(point.y)) * plot.height)
    }

    func path(_ points: [Mark.Point]) -> String {
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

    /// Whether a line through the points would be seen between these axes.
    static func shows(_ points: [Mark.Point], x: Axis, y: Axis) -> Bool {
        let unit = points.map { Mark.Point(x: x.position($0.x), y: y.position($0.y)) }
        return zip(unit, unit.dropFirst()).contains { ClippedSegment($0, $1) != nil }
    }

    func line(_ points: [Mark.Point]) -> String {
        points.enumerated().map { command($0 == 0 ? "M" : "L", $1) }.joined()
    }

    private func command(_ letter: String, _ point: Mark.Point) -> String {
        let (x, y) = place(point)
        return "\(letter)\(number(x)) \(number(y))"
    }

    static func stroke(_ style: SeriesStyle) -> String {
        let dash = style.dashes.isEmpty ? "" : " stroke-dasharray=\"\(style.dashes)\""
        return " class=\"\(style.stroke)\"\(dash)"
    }

    func number(_ value: Double) -> String { ChartText.number(value) }

    private func escaped(_ text: String, size: Double) -> String {
        MarkupText.escaped(ChartText.shortened(text, to: Int((Self.width - 24) / size / 0.58)))
    }
}
