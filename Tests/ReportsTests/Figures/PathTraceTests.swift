import Foundation
import TestSupport
import Testing

@testable import Reports

struct PathTraceTests {
    private static let (width, height) = (490.0, 320.0)

    private func trace(_ points: [(x: Double, y: Double)]) -> PathTrace {
        var trace = PathTrace(width: Self.width, height: Self.height)
        for point in points { trace.append(Mark.Point(x: point.x, y: point.y)) }
        trace.finish()
        return trace
    }

    /// In pixels, from a point to the closest of the lines.
    private func distance(_ point: (x: Double, y: Double), _ lines: [[Mark.Point]]) -> Double {
        var least = Double.infinity
        for line in lines {
            for (a, b) in zip(line, line.dropFirst()) {
                let (dx, dy) = ((b.x - a.x) * Self.width, (b.y - a.y) * Self.height)
                let (px, py) = ((point.x - a.x) * Self.width, (point.y - a.y) * Self.height)
                let square = dx * dx + dy * dy
                let share = square == 0 ? 0 : min(max((px * dx + py * dy) / square, 0), 1)
                let (ex, ey) = (px - share * dx, py - share * dy)
                least = min(least, (ex * ex + ey * ey).squareRoot())
            }
        }
        return least
    }

    @Test
    func `a straight path of any number of points is one line`() {
        let points = (0...100_000).map { (x: Double($0) / 100_000, y: 0.25 + Double($0) / 200_000) }

        let trace = trace(points)

        #expect(trace.lines == [[Mark.Point(x: 0, y: 0.25), Mark.Point(x: 1, y: 0.75)]])
        #expect(trace.exits.isEmpty)
    }

    @Test
    func `a corner stays, and so does a way back`() {
        let trace = trace([(0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.9)])

        #expect(trace.lines == [[(0.1, 0.1), (0.9, 0.1), (0.5, 0.1), (0.5, 0.9)].map { Mark.Point(x: $0.0, y: $0.1) }])
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `no point of a path is a pixel away from what is drawn`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let next = { Double(random.next() >> 11) * 0x1p-53 - 0.5 }
        // A way toward the middle that ends in noise, of steps from a hundredth of a pixel to many pixels.
        let size = pow(10, -Double(seed % 4) - 1)
        var (x, y) = (0.05, 0.95)
        var points = [(x: x, y: y)]
        for _ in 0..<3000 {
            x = min(max(x + (0.6 - x) * 0.01 + next() * size, 0), 1)
            y = min(max(y + (0.4 - y) * 0.002 + next() * size, 0), 1)
            points.append((x, y))
        }

        let trace = trace(points)

        for point in points.enumerated() where point.offset % 11 == 0 {
            #expect(distance(point.element, trace.lines) < 1, "seed \(seed)")
        }
        // And nothing is drawn where the path never was.
        for corner in trace.lines.joined().enumerated().lazy.filter({ $0.offset % 11 == 0 }).map(\.element) {
            let least = points.map { hypot(($0.x - corner.x) * Self.width, ($0.y - corner.y) * Self.height) }.min()
            #expect((least ?? 1) < 1)
        }
    }

    @Test
    func `a path that runs for ever in one place is drawn only so often`() {
        var random = SplitMix(seed: 5)
        let points = (0..<30_000).map { _ in
            (x: 0.5 + Double(random.next() >> 11) * 0x1p-53 * 0.1, y: 0.5 + Double(random.next() >> 11) * 0x1p-53 * 0.1)
        }

        #expect(trace(points).lines.reduce(0) { $0 + $1.count } < 3000)
    }

    @Test
    func `a path that leaves and comes back is marked where it leaves, with how often`() {
        let away = [(0.5, 0.5), (0.5, 1.5), (0.5, 0.5), (1.5, 0.5), (0.5, 0.5), (0.51, 1.5)].map { (x: $0.0, y: $0.1) }

        let trace = trace(away)

        #expect(trace.exits.map(\.count) == [2, 1])
        #expect(trace.exits[0].place == Mark.Point(x: 0.5, y: 1))
        #expect(trace.exits[1].place == Mark.Point(x: 1, y: 0.5))
        #expect(trace.lines.joined().allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) })
    }

    @Test
    func `what is no number is not drawn`() {
        let trace = trace([(0.1, 0.1), (0.2, 0.2), (.nan, 0.5), (0.8, 0.8), (0.9, 0.9), (.infinity, 1e300)])

        #expect(trace.lines.count == 2)
        #expect(trace.lines.joined().allSatisfy { $0.x.isFinite && $0.y.isFinite })
    }

    @Test(arguments: [
        ((0.5, 0.5), (0.5, 1.5), (0.5, 1.0), false, true), ((-0.5, 0.5), (0.5, 0.5), (0.5, 0.5), true, false),
        ((-1.0, 0.0), (1.0, 2.0), (0.0, 1.0), true, true), ((0.0, 0.0), (1.0, 1.0), (1.0, 1.0), false, false),
    ])
    func `a segment is cut at the frame`(
        a: (Double, Double), b: (Double, Double), end: (Double, Double), enters: Bool, leaves: Bool
    ) throws {
        let piece = try #require(ClippedSegment(Mark.Point(x: a.0, y: a.1), Mark.Point(x: b.0, y: b.1)))

        #expect(piece.to == Mark.Point(x: end.0, y: end.1))
        #expect((piece.enters, piece.leaves) == (enters, leaves))
    }

    @Test(arguments: [((1.5, 0.0), (1.5, 1.0)), ((-0.6, 0.5), (0.5, 1.7)), ((0.5, 0.5), (.infinity, 0.5))])
    func `what is outside is not drawn`(a: (Double, Double), b: (Double, Double)) {
        #expect(ClippedSegment(Mark.Point(x: a.0, y: a.1), Mark.Point(x: b.0, y: b.1)) == nil)
    }
}
