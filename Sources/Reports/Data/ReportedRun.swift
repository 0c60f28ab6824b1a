import Crypto
import Foundation
import Tracking

/// A run with everything the report says of it; its steps are read once and not kept.
struct ReportedRun: Sendable {
    let run: StoredRun
    let configuration: ConfigurationFields
    let curvature: ProblemCurvature
    let dataset: Dataset
    /// By name; empty until the run has ended.
    let parameters: [ParameterValues]
    /// The loss of the first step; nil without steps.
    let firstLoss: Double?
    /// log10 of the excess loss at evenly spaced steps; nil where it is no number, empty without steps.
    let curve: [Double?]
    /// Names the whole trajectory: equal ones have the same numbers in every step.
    let trajectoryHash: String

    var seed: Int64 { run.plan.seed }
    var isDone: Bool { run.state == .done }

    /// The loss over all data at the end; what did not get there ranks behind everything.
    var rankedLoss: Double {
        guard isDone, let loss = run.finalLoss, !loss.isNaN else { return .infinity }
        return loss
    }

    /// Whether it ended with finite numbers, but more than ten times as high as it began.
    var hasGrown: Bool {
        guard isDone, let firstLoss, let finalLoss = run.finalLoss else { return false }
        return finalLoss > 10 * firstLoss
    }

    /// The final parameter of that name.
    func final(_ name: String) -> Double? {
        parameters.first { $0.name == name }?.final
    }

    var finalExcess: Double? {
        guard let w = final("w"), let b = final("b") else { return nil }
        return curvature.excess(w: w, b: b)
    }

    /// The final parameters in the units of the data's file.
    var originalUnits: (w: Double, b: Double)? {
        guard let w = final("w"), let b = final("b") else { return nil }
        return (
            dataset.yDivisor * w / (dataset.xDivisor * dataset.xDivisor), dataset.yDivisor * b + dataset.yOffset
        )
    }
}

/// Follows a run's steps from the first to the last and keeps only what the report needs of them.
struct TrajectoryReader {
    private let curvature: ProblemCurvature
    /// The step behind each cell of the curve, in ascending order; short runs have steps behind several.
    private let pointSteps: [Int]
    private var hash = SHA256()
    private(set) var curve: [Double?] = []
    private(set) var firstLoss: Double?

    /// - Precondition: a run has at least one step.
    init(_ curvature: ProblemCurvature, stepCount: Int) {
        self.curvature = curvature
        let cells = Sparkline.cells
        pointSteps = (0..<cells).map { $0 * max(0, stepCount - 1) / (cells - 1) }
    }

    mutating func read(_ step: QuadraticStep) {
        firstLoss = firstLoss ?? step.loss
        withUnsafeBytes(of: (step.loss, step.w, step.b, step.gradW, step.gradB)) { hash.update(bufferPointer: $0) }
        while curve.count < pointSteps.count, pointSteps[curve.count] == step.step {
            let excess = curvature.excess(w: step.w, b: step.b) ?? step.loss
            curve.append(excess.isFinite ? Decades.of(excess) : nil)
        }
    }

    var trajectoryHash: String {
        guard firstLoss != nil else { return "" }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
