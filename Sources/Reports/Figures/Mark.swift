/// What is drawn into a chart, in the values of its axes.
enum Mark: Sendable {
    /// A line through the points in order, broken where a value is not a number; an infinite one lies beyond the edge.
    case line([Point], SeriesStyle)
    /// Between two curves over the same places.
    case band([(x: Double, low: Double, high: Double)], SeriesStyle)
    /// A path that was traced step by step.
    case path(PathTrace, SeriesStyle)
    /// A closed line without a series.
    case contour([Point])
    case dots([Point])
    /// So many that lie beyond the top edge there; without a style, of several series.
    case above(x: Double, count: Int, SeriesStyle?)
    /// A line from bottom to top, or from left to right, and what it is called.
    case vertical(x: Double, SeriesStyle)
    case horizontal(y: Double, label: String, SeriesStyle?)
    /// A value, or where a path ends.
    case marker(Point, SeriesStyle)
    /// A ring, or a cross, with a word beside it.
    case start(Point, String)
    case goal(Point, String)

    struct Point: Sendable, Equatable {
        let x: Double
        let y: Double
    }
}

/// A straight piece of a line inside the unit square.
struct ClippedSegment: Equatable {
    let from: Mark.Point
    let to: Mark.Point
    /// Whether the line comes from outside, or goes there.
    let enters: Bool
    let leaves: Bool

    /// Liang and Barsky 1984; nil where nothing of it is inside, or an end is not finite.
    init?(_ a: Mark.Point, _ b: Mark.Point) {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        guard dx.isFinite, dy.isFinite else { return nil }
        var (first, last) = (0.0, 1.0)
        for (slope, room) in [(-dx, a.x), (dx, 1 - a.x), (-dy, a.y), (dy, 1 - a.y)] {
            if slope == 0 {
                guard room >= 0 else { return nil }
            } else if slope < 0 {
                first = max(first, room / slope)
            } else {
                last = min(last, room / slope)
            }
        }
        guard first <= last else { return nil }
        // An end that is inside stays as it is, to the last bit.
        from = first == 0 ? a : Self.bounded(a.x + first * dx, a.y + first * dy)
        to = last == 1 ? b : Self.bounded(a.x + last * dx, a.y + last * dy)
        (enters, leaves) = (first > 0, last < 1)
    }

    private static func bounded(_ x: Double, _ y: Double) -> Mark.Point {
        Mark.Point(x: min(max(x, 0), 1), y: min(max(y, 0), 1))
    }
}
