import Foundation
import Testing

@testable import Reports

/// What is drawn at the edges of a picture.
struct EdgesTests {
    private static let axis = Axis("", from: 0, to: 10, isLogarithmic: false)
    private static let style = SeriesStyle(color: 0)

    private func chart(_ marks: [Mark]) -> Chart {
        Chart(title: "", description: "", meaning: "Meant.", x: Self.axis, y: Self.axis, marks: marks, labels: [])
    }

    @Test(arguments: [
        (Mark.Point(x: 0.4, y: 1 - 1e-12), EdgeMark.Side.top), (Mark.Point(x: 0.4, y: 1e-12), .bottom),
        (Mark.Point(x: 1 - 1e-12, y: 0.9), .right), (Mark.Point(x: 0, y: 0.1), .left),
    ])
    func `a mark knows its edge, rounded as it may be`(place: Mark.Point, side: EdgeMark.Side) {
        #expect(EdgeMark(place, style: Self.style).side == side)
    }

    @Test
    func `a line that comes from outside is marked where it comes in`() {
        let line = [(-2, 5), (5, 5), (5, 20)].map { Mark.Point(x: Double($0.0), y: Double($0.1)) }

        #expect(chart([.line(line, Self.style)]).leaving.map(\.side) == [.left, .top])
    }

    @Test(arguments: [([20.0, 30, 40], false), ([20, -20, -30], true), ([5, 5, 5], true), ([-1, -2, -1], false)])
    func `a line is shown if any part of it lies in the frame`(heights: [Double], isShown: Bool) {
        let points = heights.enumerated().map { Mark.Point(x: Double($0), y: $1) }

        #expect(Chart.shows(points, x: Self.axis, y: Self.axis) == isShown)
    }

    @Test
    func `triangles are explained where there are some`() {
        let inside = Mark.line([Mark.Point(x: 1, y: 1), Mark.Point(x: 2, y: 2)], Self.style)
        let leaving = Mark.line([Mark.Point(x: 1, y: 1), Mark.Point(x: 2, y: 20)], Self.style)

        #expect(chart([inside, .above(x: 3, count: 2, Self.style)]).caption == "Meant.")
        #expect(chart([inside, leaving]).caption.hasPrefix("Meant. A triangle is where a line leaves the picture"))
    }

    /// So many that their numbers would cover each other and their neighbors.
    @Test(arguments: [10, 40, 120])
    func `numbers cover neither each other nor a mark, and none is lost`(count: Int) {
        let paths = (0..<count).map { index -> Mark in
            var trace = PathTrace(width: 490, height: 320)
            for turn in 0..<(index % 3 == 0 ? 60 : 4) {
                let place = Double(index) / Double(count)
                trace.append(Mark.Point(x: place, y: turn % 2 == 0 ? 0.5 : index % 2 == 0 ? 1.5 : -0.5))
            }
            trace.finish()
            return .path(trace, SeriesStyle(color: index))
        }
        let edges = chart(paths).numberedEdges

        #expect(edges.map(\.mark.count).reduce(0, +) == chart(paths).leaving.map(\.count).reduce(0, +))
        #expect(edges.allSatisfy { ($0.number == nil) == ($0.mark.count == 1) })
        var boxes: [(x: ClosedRange<Double>, y: ClosedRange<Double>)] = []
        for edge in edges { boxes.append((edge.x - 4...edge.x + 4, edge.y - 4...edge.y + 4)) }
        for edge in edges {
            guard let number = edge.number else { continue }
            let width = ChartText.width(String(edge.mark.count), size: NumberedEdge.size)
            let box = (x: number.x...number.x + width, y: number.y - 9...number.y)
            #expect(!boxes.contains { $0.x.overlaps(box.x) && $0.y.overlaps(box.y) })
            #expect(box.x.lowerBound >= 0 && box.x.upperBound <= Chart.width)
            boxes.append(box)
        }
    }
}
