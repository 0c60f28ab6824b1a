import TextFormats

extension Chart {
    /// A mark inside the frame, clipped by it.
    func drawn(_ mark: Mark) -> String {
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
            // A path that turns often would become a blot.
            let width = trace.lines.reduce(0) { $0 + $1.count } > 400 ? "1" : "1.5"
            return
                "<path class=\"\(style.stroke)\" d=\"\(trace.lines.map(line).joined())\" stroke-width=\"\(width)\"/>\n"
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
            let x = number(plot.left + x.position(value) * plot.width)
            return "<path d=\"M\(x) \(number(plot.top))V\(number(plot.top + plot.height))\"\(Self.stroke(style)) "
                + "stroke-width=\"1.5\"/>\n"
        case .horizontal(let value, _, let style):
            let y = number(plot.top + (1 - y.position(value)) * plot.height)
            return "<path class=\"\(style?.stroke ?? "line")\" d=\"M\(number(plot.left)) \(y)"
                + "H\(number(plot.left + plot.width))\" stroke-width=\"1.2\" stroke-dasharray=\"1 4\"/>\n"
        case .above, .marker, .start, .goal: return ""
        }
    }

    /// Above the clipped lines, so that none is cut off at the edge; start and minimum above all ends of paths.
    var points: String {
        let shapes = marks.map { mark -> String in
            switch mark {
            case .marker(let point, let style):
                let (x, y) = place(unit(point))
                guard isInside(point) else { return "" }
                return "<path class=\"\(style.fill)\" d=\"M\(number(x)) \(number(y))\(style.shape(radius: 4.5))\"/>\n"
            default: return ""
            }
        }
        let places = marks.map { mark -> String in
            switch mark {
            case .start(let point, _):
                let (x, y) = place(unit(point))
                guard isInside(point) else { return "" }
                return "<circle class=\"line\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"6\" fill=\"none\" "
                    + "stroke-width=\"1.5\"/>\n"
            case .goal(let point, _):
                let (x, y) = place(unit(point))
                guard isInside(point) else { return "" }
                // Open in the middle, so that the ends of paths are seen there.
                let cross = "d=\"M\(number(x - 12)) \(number(y))h7m10 0h7M\(number(x)) \(number(y - 12))v7m0 10v7\""
                return "<path class=\"halo\" \(cross)/>\n<path class=\"line\" \(cross) stroke-width=\"1.5\"/>\n"
            default: return ""
            }
        }
        return (shapes + places).joined()
    }
}
