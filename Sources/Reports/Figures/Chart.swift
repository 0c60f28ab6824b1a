import Statistics
import TextFormats

/// What is drawn into a chart, in the values of its axes.
enum Mark: Sendable {
    /// A line through the points in order, broken where a value is not finite.
    case line([Point], SeriesStyle)
    /// Between two curves over the same places.
    case band([(x: Double, low: Double, high: Double)], SeriesStyle)
    /// A closed line without a series.
    case contour([Point])
    case dots([Point])
    /// At the top edge, with a word: what lies beyond it.
    case cross(x: Double, text: String)
    /// A line from bottom to top.
    case vertical(x: Double, SeriesStyle)
    /// Where a path begins or ends.
    case marker(Point, SeriesStyle)

    struct Point: Sendable, Equatable {
        let x: Double
        let y: Double
    }
}

/// How a series looks: a color that color-blind readers can tell apart, and a dash pattern for everybody else.
struct SeriesStyle: Sendable, Equatable {
    let index: Int

    /// The palette of Okabe and Ito 2008 without its yellow, which vanishes on white, and its black.
    private static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
    private static let dashes = ["", "7 3", "2 3", "9 3 2 3"]

    var color: String { Self.colors[index % Self.colors.count] }
    var dash: String { Self.dashes[(index + index / Self.colors.count) % Self.dashes.count] }
}

/// A picture with two axes, as standalone SVG without scripts, fonts or links.
struct Chart: Sendable {
    let title: String
    /// What a reader who cannot see it must know.
    let description: String
    let x: Axis
    let y: Axis
    let marks: [Mark]
    /// What the lines are called, in the order of the labels.
    let labels: [(text: String, style: SeriesStyle)]

    private static let plot = (left: 70.0, top: 36.0, width: 480.0, height: 340.0)

    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 440" width="860" height="440" role="img" \
        font-family="system-ui, sans-serif" font-size="12">
        <title>\(MarkupText.escaped(title))</title>
        <desc>\(MarkupText.escaped(description))</desc>
        <style>
        .paper { fill: #ffffff } .ink { fill: #1f2328 } .rule { stroke: #8c959f } .grid { stroke: #d8dee4 }
        .contour { stroke: #afb8c1 } .dot { fill: #57606a }
        @media (prefers-color-scheme: dark) {
        .paper { fill: #0d1117 } .ink { fill: #e6edf3 } .rule { stroke: #6e7681 } .grid { stroke: #30363d }
        .contour { stroke: #484f58 } .dot { fill: #8b949e }
        }
        </style>
        <rect class="paper" width="860" height="440"/>
        <text class="ink" x="70" y="22" font-size="15" font-weight="600">\(MarkupText.escaped(title))</text>
        \(axes)<clipPath id="\(clip)"><rect x="70" y="36" width="480" height="340"/></clipPath>
        <g clip-path="url(#\(clip))" fill="none">
        \(marks.map(drawn).joined())</g>
        \(crosses)\(legend)</svg>

        """
    }

    // MARK: - Internals

    /// A name of its own, so that several pictures can stand in one page.
    private var clip: String {
        "plot-" + title.lowercased().filter { $0.isASCII && $0.isLetter }
    }

    private var axes: String {
        let plot = Self.plot
        var text = ""
        for tick in x.ticks {
            let place = Self.number(plot.left + x.position(tick.place) * plot.width)
            text += "<path class=\"grid\" d=\"M\(place) 36V376\"/>\n"
            text += "<text class=\"ink\" x=\"\(place)\" y=\"394\" text-anchor=\"middle\">\(tick.text)</text>\n"
        }
        for tick in y.ticks {
            let place = plot.top + (1 - y.position(tick.place)) * plot.height
            text += "<path class=\"grid\" d=\"M70 \(Self.number(place))H550\"/>\n"
            text +=
                "<text class=\"ink\" x=\"62\" y=\"\(Self.number(place + 4))\" text-anchor=\"end\">\(tick.text)</text>\n"
        }
        return text + """
            <path class="rule" fill="none" d="M70 36V376H550"/>
            <text class="ink" x="310" y="420" text-anchor="middle">\(MarkupText.escaped(x.label))</text>
            <text class="ink" transform="translate(16 206) rotate(-90)" text-anchor="middle">\(MarkupText.escaped(y.label))</text>

            """
    }

    private func drawn(_ mark: Mark) -> String {
        switch mark {
        case .line(let points, let style):
            return "<path d=\"\(path(points))\"\(Self.stroke(style)) stroke-width=\"2\"/>\n"
        case .band(let places, let style):
            let shown = places.filter { $0.low.isFinite && $0.high.isFinite }
            guard shown.count > 1 else { return "" }
            let outline =
                shown.map { Mark.Point(x: $0.x, y: $0.high) } + shown.reversed().map { Mark.Point(x: $0.x, y: $0.low) }
            return "<path d=\"\(path(outline))Z\" fill=\"\(style.color)\" fill-opacity=\"0.15\"/>\n"
        case .contour(let points): return "<path class=\"contour\" d=\"\(path(points))Z\"/>\n"
        case .dots(let points):
            return points.map { point in
                let (x, y) = place(point)
                return "<circle class=\"dot\" cx=\"\(x)\" cy=\"\(y)\" r=\"2\"/>\n"
            }.joined()
        case .vertical(let value, let style):
            let place = place(Mark.Point(x: value, y: y.low)).x
            return "<path d=\"M\(place) 36V376\"\(Self.stroke(style)) stroke-width=\"1\"/>\n"
        case .marker(let point, let style):
            let (x, y) = place(point)
            return "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"4\" fill=\"\(style.color)\"/>\n"
        case .cross: return ""
        }
    }

    /// Above everything else, and never clipped away.
    private var crosses: String {
        marks.compactMap { mark -> String? in
            guard case .cross(let value, let text) = mark else { return nil }
            let place = Self.plot.left + x.position(value) * Self.plot.width
            let (left, right, middle) = (Self.number(place - 4), Self.number(place + 4), Self.number(place))
            return """
                <path d="M\(left) 32L\(right) 40M\(right) 32L\(left) 40" class="rule" stroke-width="2"/>
                <text class="ink" x="\(middle)" y="30" text-anchor="middle" font-size="10">\(MarkupText.escaped(text))</text>

                """
        }.joined()
    }

    /// In the order given, beside the plot.
    private var legend: String {
        labels.enumerated().map { row, label in
            let y = Self.number(Self.plot.top + 14 + 20 * Double(row))
            return """
                <path d="M562 \(y)H586"\(Self.stroke(label.style)) stroke-width="2.5" fill="none"/>
                <text class="ink" x="592" y="\(Self.number(Self.plot.top + 18 + 20 * Double(row)))">\(MarkupText.escaped(Self.shortened(label.text)))</text>

                """
        }.joined()
    }

    private func path(_ points: [Mark.Point]) -> String {
        var text = ""
        var isDown = false
        for point in points {
            guard point.x.isFinite, point.y.isFinite else {
                isDown = false
                continue
            }
            let (x, y) = place(point)
            text += "\(isDown ? "L" : "M")\(x) \(y)"
            isDown = true
        }
        return text
    }

    /// Far beyond the plot nothing can be seen, and numbers would grow without end.
    private func place(_ point: Mark.Point) -> (x: String, y: String) {
        let bounded = { (value: Double) in min(max(value, -5), 6) }
        return (
            Self.number(Self.plot.left + bounded(x.position(point.x)) * Self.plot.width),
            Self.number(Self.plot.top + (1 - bounded(y.position(point.y))) * Self.plot.height)
        )
    }

    private static func stroke(_ style: SeriesStyle) -> String {
        let dash = style.dash.isEmpty ? "" : " stroke-dasharray=\"\(style.dash)\""
        return " stroke=\"\(style.color)\"\(dash)"
    }

    private static func number(_ value: Double) -> String {
        let text = NumberText.fixed(value, decimals: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Names that share their beginning differ at their end, so the middle is what goes.
    private static func shortened(_ text: String) -> String {
        text.count <= 36 ? text : "\(text.prefix(12))…\(text.suffix(23))"
    }
}

/// One direction of a chart: which values it shows, and where.
struct Axis: Sendable, Equatable {
    let label: String
    /// Values at both ends; of a logarithmic axis, their decades.
    let low: Double
    let high: Double
    /// Whether positions are decades of the values.
    let isLogarithmic: Bool

    /// From the lowest to the highest of `values`, with some room.
    ///
    /// Values that are not finite have no place.
    init(_ label: String, _ values: [Double], isLogarithmic: Bool) {
        let places = values.filter(\.isFinite)
        let (low, high) = (places.min() ?? 0, places.max() ?? 1)
        let room = low == high ? 1 : (high - low) * 0.04
        self.init(label, from: low - room, to: high + room, isLogarithmic: isLogarithmic)
    }

    init(_ label: String, from low: Double, to high: Double, isLogarithmic: Bool) {
        precondition(low < high, "an axis from \(low) to \(high)")
        (self.label, self.low, self.high, self.isLogarithmic) = (label, low, high, isLogarithmic)
    }

    /// 0 at the low end, 1 at the high end; infinite values lie beyond.
    func position(_ value: Double) -> Double { (value - low) / (high - low) }

    /// Some round values with their places and texts.
    var ticks: [(place: Double, text: String)] {
        if isLogarithmic, high - low < 2.5 { return closeDecades }
        let step = isLogarithmic ? max(1, Self.roundStep((high - low) / 8)) : Self.roundStep((high - low) / 6)
        let first = (low / step).rounded(.up)
        let count = Int(((high / step).rounded(.down) - first).rounded())
        guard count >= 0 else { return [] }
        return (0...count).map { index in
            let value = (first + Double(index)) * step
            return (value, isLogarithmic ? Self.power(Int(value)) : NumberText.exact(Self.cleaned(value)))
        }
    }

    /// 1, 2 and 5 times the powers of ten.
    private var closeDecades: [(place: Double, text: String)] {
        (Int(low.rounded(.down))...Int(high.rounded(.up))).flatMap { power in
            [1.0, 2, 5].map { digit in
                let place = Double(power) + Log10.of(digit)
                return (place, NumberText.exact(Self.cleaned(digit * (Double("1e\(power)") ?? 0))))
            }
        }.filter { (low...high).contains($0.place) }
    }

    /// 1, 2 or 5 times a power of ten, at least `step`.
    private static func roundStep(_ step: Double) -> Double {
        var unit = 1.0
        while unit > step { unit /= 10 }
        while unit * 10 <= step { unit *= 10 }
        return [1, 2, 5, 10].first { $0 * unit >= step }.map { $0 * unit } ?? step
    }

    /// Without the rounding of a product such as 3 * 0.1.
    private static func cleaned(_ value: Double) -> Double {
        Double(NumberText.rounded(value, digits: 12)) ?? value
    }

    private static func power(_ decades: Int) -> String {
        (-3...3).contains(decades) ? NumberText.exact(Double("1e\(decades)") ?? 0) : "1e\(decades)"
    }
}
