import Statistics
import TextFormats

/// How many noise floors a target is, for each of two arms: near the floor luck decides who holds it.
struct FloorDistance: Sendable {
    private let names: [String]
    /// Nil where no floor is known.
    private let distances: [Double?]

    init(_ target: ReportTarget, of arms: [JudgedArm], _ reader: inout MeasureReader) throws {
        names = arms.map(\.name)
        distances = try arms.map { arm in
            guard let run = arm.runs.first, let excess = try target.excess(on: reader.problem(of: run)),
                let floor = try reader.noiseFloor(of: arm.runs), floor > 0
            else { return nil }
            return excess / floor
        }
    }

    /// Below two floors nothing is ranked; an arm that never holds the target is not there by luck.
    func obstacle(reached arms: [[JudgedRun]]) -> String? {
        let isLuck = zip(distances, arms).contains { distance, runs in
            distance ?? .infinity < NoiseLevel.rankingLimit && runs.contains { $0.value != nil }
        }
        return isLuck ? "the target is below two noise floors, where luck decides who holds it" : nil
    }

    /// Below ten a reader should know.
    var warning: String? {
        let near = zip(names, distances).filter { $0.1 ?? .infinity < NoiseLevel.warningLimit }
        guard !near.isEmpty else { return nil }
        return "The target is near the noise: "
            + near.map { "\(NumberText.rounded($0.1 ?? 0, digits: 2)) noise floors of \($0.0)" }.joined(separator: ", ")
            + "."
    }
}
