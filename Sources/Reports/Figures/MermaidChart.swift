import Statistics
import TextFormats
import Tracking

/// The convergence picture in Mermaid's language, for pages that can show no other file.
///
/// Mermaid has linear axes and neither gaps nor bands, so the heights are decades, and only lines that have a number
/// everywhere can be drawn.
struct MermaidChart {
    private let steps: [Int]
    private let lines: [(name: String, heights: [Double])]

    /// Nil if there is nothing to draw.
    init?(convergenceOf arms: [Arm]) {
        guard let all = arms.first?.runs.first?.figure.steps else { return nil }
        let stride = max(1, (all.count - 1) / 12)
        let places = all.indices.dropFirst().filter { ($0 - 1) % stride == 0 || $0 == all.count - 1 }
        steps = places.map { all[$0] }
        lines = arms.compactMap { arm in
            guard arm.runs.allSatisfy({ $0.figure.steps == all && $0.problem.optimum != nil }) else {
                return nil
            }
            let heights = places.compactMap { place in
                OrderStatistics(arm.runs.map { $0.decades(at: place) }).median.flatMap { $0.isFinite ? $0 : nil }
            }
            return heights.count == places.count ? (arm.name, heights) : nil
        }
        guard steps.count > 1, !lines.isEmpty else { return nil }
    }

    var blocks: [Document.Block] {
        let heights = lines.flatMap(\.heights)
        let (low, high) = (heights.min() ?? 0, heights.max() ?? 0)
        let drawn = lines.map { line in
            "    line [\(line.heights.map { NumberText.fixed($0, decimals: 2) }.joined(separator: ", "))]"
        }
        let chart = """
            xychart-beta
                title "Convergence: median log10 excess"
                x-axis "step" [\(steps.map(String.init).joined(separator: ", "))]
                y-axis "decades" \(Int(low.rounded(.down))) --> \(max(Int(high.rounded(.up)), Int(low.rounded(.down)) + 1))
            \(drawn.joined(separator: "\n"))
            """
        let names = lines.map(\.name).joined(separator: ", ")
        return [
            .code(chart, language: "mermaid"),
            .paragraph(
                """
                The lines are, in the order in which they are drawn: \(names). A line that leaves the numbers is left out.
                """),
        ]
    }
}
