import Foundation

/// A path of any number of points, as the few lines that look the same.
///
/// Points come one by one in the unit square of a picture of so many pixels, and none is held: what lies within a
/// fraction of a pixel of a straight line is that line, and what runs where the path has been before is not drawn again.
/// So memory and output are bounded by the pixels, and the picture differs from that of all points by less than one.
struct PathTrace: Sendable {
    /// In the unit square.
    private(set) var lines: [[Mark.Point]] = []
    /// Where the path leaves the square, and how often: places at the edge closer than a few pixels count as one.
    private(set) var exits: [(place: Mark.Point, count: Int)] = []
    private(set) var first: Mark.Point?
    private(set) var last: Mark.Point?

    private let width: Double
    private let height: Double
    /// Each half pixel's segment that reached it first, counted from 1.
    private var painted: [UInt32]
    private let columns: Int
    private var segmentCount: UInt32 = 0
    /// The last point that was taken over: closer ones are skipped.
    private var previous: Mark.Point?
    private var isPreviousLast = true

    // The line that is being simplified: where it starts, its last point, and the directions that all points allow.
    private var line: [Mark.Point] = []
    private var end: Mark.Point?
    private var sector: (low: Double, high: Double)?

    private static let cell = 0.5
    private static let skipped = 0.2
    private static let tolerance = 0.15
    /// A line's own tail is no reason to stop drawing it.
    private static let memory: UInt32 = 12
    private static let exitDistance = 14.0

    /// - Precondition: the picture has a size.
    init(width: Double, height: Double) {
        precondition(width > 0 && height > 0, "\(width) by \(height) pixels")
        (self.width, self.height) = (width, height)
        columns = Int(width / Self.cell) + 2
        painted = Array(repeating: 0, count: columns * (Int(height / Self.cell) + 2))
    }

    /// Takes the next point; one that is no number ends the line before it.
    mutating func append(_ point: Mark.Point) {
        guard point.x.isFinite, point.y.isFinite else {
            settle()
            previous = nil
            return
        }
        if first == nil { first = point }
        last = point
        guard let previous else {
            self.previous = point
            isPreviousLast = true
            return
        }
        guard distance(previous, point) >= Self.skipped else {
            isPreviousLast = false
            return
        }
        isPreviousLast = true
        self.previous = point
        draw(previous, point)
    }

    /// Ends the path, and forgets what was needed to draw it.
    mutating func finish() {
        if !isPreviousLast, let previous, let last { draw(previous, last) }
        settle()
        painted = []
    }

    // MARK: - Internals

    private mutating func draw(_ a: Mark.Point, _ b: Mark.Point) {
        guard let piece = ClippedSegment(a, b) else { return settle() }
        if piece.enters { settle() }
        if paint(piece.from, piece.to) { extend(from: piece.from, to: piece.to) } else { settle() }
        if piece.leaves {
            settle()
            exit(at: piece.to)
        }
    }

    /// Whether some of the piece is where nothing was drawn before.
    private mutating func paint(_ a: Mark.Point, _ b: Mark.Point) -> Bool {
        segmentCount += 1
        let count = max(1, Int((distance(a, b) / Self.cell).rounded(.up)))
        var isNew = false
        for index in 0...count {
            let share = Double(index) / Double(count)
            let column = Int((a.x + (b.x - a.x) * share) * width / Self.cell)
            let row = Int((a.y + (b.y - a.y) * share) * height / Self.cell)
            let place = row * columns + column
            if painted[place] == 0 { painted[place] = segmentCount }
            if segmentCount - painted[place] < Self.memory { isNew = true }
        }
        return isNew
    }

    /// Adds a piece to the line, which becomes longer or gets a corner.
    private mutating func extend(from a: Mark.Point, to b: Mark.Point) {
        if line.isEmpty {
            line = [a]
            (end, sector) = (nil, nil)
        }
        guard let anchor = line.last else { return }
        if let end, let sector, let angle = direction(anchor, b, near: sector),
            (sector.low...sector.high).contains(angle), distance(anchor, b) >= distance(anchor, end)
        {
            self.end = b
            narrow(anchor, b)
            return
        }
        if let end {
            line.append(end)
            sector = nil
        }
        self.end = b
        narrow(line[line.count - 1], b)
    }

    /// Leaves only those directions from `anchor` that pass `point` within the tolerance.
    private mutating func narrow(_ anchor: Mark.Point, _ point: Mark.Point) {
        let length = distance(anchor, point)
        guard length > Self.tolerance else {
            sector = sector ?? (-Double.pi, Double.pi)
            return
        }
        let room = asin(Self.tolerance / length)
        guard let old = sector, let angle = direction(anchor, point, near: old) else {
            let angle = atan2((point.y - anchor.y) * height, (point.x - anchor.x) * width)
            sector = (angle - room, angle + room)
            return
        }
        sector = (max(old.low, angle - room), min(old.high, angle + room))
    }

    /// The angle of a direction, in the turn of the circle that is closest to the sector's middle.
    private func direction(_ a: Mark.Point, _ b: Mark.Point, near sector: (low: Double, high: Double)) -> Double? {
        let (dx, dy) = ((b.x - a.x) * width, (b.y - a.y) * height)
        guard dx != 0 || dy != 0 else { return nil }
        let angle = atan2(dy, dx)
        let middle = (sector.low + sector.high) / 2
        return angle + ((middle - angle) / (2 * Double.pi)).rounded() * 2 * Double.pi
    }

    private mutating func settle() {
        if let end { line.append(end) }
        if line.count > 1 { lines.append(line) }
        (line, end, sector) = ([], nil, nil)
    }

    private mutating func exit(at place: Mark.Point) {
        if let index = exits.firstIndex(where: { distance($0.place, place) < Self.exitDistance }) {
            exits[index].count += 1
        } else {
            exits.append((place, 1))
        }
    }

    private func distance(_ a: Mark.Point, _ b: Mark.Point) -> Double {
        let (dx, dy) = ((b.x - a.x) * width, (b.y - a.y) * height)
        return (dx * dx + dy * dy).squareRoot()
    }
}
