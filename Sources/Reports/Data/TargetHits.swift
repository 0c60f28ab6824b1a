import Foundation

/// After how many updates a run's excess was first at or below each of many targets.
struct TargetHits: Sendable {
    /// 51 targets from 1 down to 1e-8, evenly spaced on the logarithmic scale (as COCO has them).
    static let targets: [Double] = (0...50).map { index in
        // Ten digits, so that two machines' mathematics libraries give the same bits.
        Double(String(format: "%.9e", locale: nil, pow(10, -0.16 * Double(index)))) ?? 0
    }

    /// One per target, as far as the run has come.
    private(set) var steps: [Int] = []

    mutating func append(_ excess: Double?, after updates: Int) {
        guard let excess else { return }
        while steps.count < Self.targets.count, excess <= Self.targets[steps.count] { steps.append(updates) }
    }
}
