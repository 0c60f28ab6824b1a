import Reports
import Tracking

/// What a run's steps show of its course, gathered in one reading.
struct StepEvidence {
    /// How far the loss over all data went up again.
    struct Rise {
        let factor: Double
        /// The step whose loss it is held against.
        let since: Int
        let step: Int
        let excess: Double
    }

    /// The largest parameter whose square, summed over the data, still fits the number type.
    let overflowLimit: Double

    private(set) var firstExcess: Double?
    private(set) var lastExcess: Double?
    /// Where the loss over all data was highest above an earlier one.
    private(set) var rise: Rise?
    private(set) var firstTenfold: Int?
    private(set) var firstOverflow: Int?
    /// The first step further from the minimum along the steepest direction than the one before.
    private(set) var firstSteepGrowth: Int?
    /// Of full batches: the largest distance of a gradient row from the gradient over all data, relative to its terms.
    private(set) var gradientDeviation: (value: Double, step: Int)?
    private(set) var stepCount = 0

    private let problem: Problem
    let begin: Int
    private let end: Int
    private let isFullBatch: Bool
    private let isSteady: Bool
    private var first = 0.0
    private var lowest: (loss: Double, step: Int)?
    private var quarters: [(sum: Double, squares: Double, count: Int)] = Array(repeating: (0, 0, 0), count: 4)
    private var lastSteep: Double?
    private var turns = 0
    private var turnsPossible = 0

    /// Reads the run's steps.
    init(of run: StoredRun, on problem: Problem, _ setting: MethodSetting, in store: Store) throws {
        self.problem = problem
        isFullBatch = setting.isFullBatch
        isSteady = setting.edge != nil
        overflowLimit = run.plan.dtype == "float32" ? 1e18 : 1e150
        begin = run.plan.parentStep ?? 0
        end = try begin + store.stepCount(ofRun: run.id)
        try store.forEachStep(ofRun: run.id) { append($0) }
    }

    /// From which step to which the last quarter reaches.
    var lastQuarter: Range<Int> { begin + (3 * (end - begin) + 3) / 4..<end }
    var thirdQuarter: Range<Int> { secondHalf.lowerBound..<lastQuarter.lowerBound }
    var secondHalf: Range<Int> { begin + (end - begin + 1) / 2..<end }

    /// The mean excess in a quarter of the steps, 0 to 3; nil where it is not finite.
    func meanExcess(ofQuarter quarter: Int) -> Double? {
        let (sum, _, count) = quarters[quarter]
        return count > 0 && sum.isFinite ? sum / Double(count) : nil
    }

    /// The standard deviation of the last quarter's excess, as a part of its mean.
    var lateVariation: Double? {
        let (sum, squares, count) = quarters[3]
        guard count > 1, sum > 0, squares.isFinite else { return nil }
        let mean = sum / Double(count)
        return max(0, squares / Double(count) / (mean * mean) - 1).squareRoot()
    }

    /// In which part of the second half's steps the parameters were on the other side of the minimum than before, along
    /// the steepest direction.
    var turningShare: Double? { turnsPossible > 0 ? Double(turns) / Double(turnsPossible) : nil }

    // MARK: - Internals

    private mutating func append(_ step: QuadraticStep) {
        stepCount += 1
        if firstOverflow == nil, abs(step.w) > overflowLimit || abs(step.b) > overflowLimit {
            firstOverflow = step.step
        }
        checkGradient(step)
        guard let excess = problem.excess(w: step.w, b: step.b), let optimum = problem.dataset.optimum else { return }
        firstExcess = firstExcess ?? excess
        if firstTenfold == nil, let firstExcess, excess > 10 * firstExcess { firstTenfold = step.step }
        guard excess.isFinite else { return }
        lastExcess = excess
        noteRise(excess, at: step.step)
        let quarter = min(3, (step.step - begin) * 4 / max(1, end - begin))
        quarters[quarter].sum += excess
        quarters[quarter].squares += excess * excess
        quarters[quarter].count += 1
        let steep = problem.coordinates(w: step.w - optimum.w, b: step.b - optimum.b)[0]
        if let lastSteep {
            if firstSteepGrowth == nil, abs(steep) > abs(lastSteep) { firstSteepGrowth = step.step }
            if secondHalf.contains(step.step) {
                turnsPossible += 1
                if (steep < 0) != (lastSteep < 0) { turns += 1 }
            }
        }
        lastSteep = steep
    }

    /// Against the lowest loss so far; as descent with momentum swings around the minimum all the way down, of plain
    /// descent only what is above its first loss counts.
    private mutating func noteRise(_ excess: Double, at step: Int) {
        let loss = max(excess + (problem.minimumLoss ?? 0), problem.excessFloor)
        guard let lowest else {
            (first, lowest) = (loss, (loss, step))
            return
        }
        let factor = loss / lowest.loss
        if factor > rise?.factor ?? 1, !isSteady || loss > first {
            rise = Rise(factor: factor, since: lowest.step, step: step, excess: excess)
        }
        if loss < lowest.loss { self.lowest = (loss, step) }
    }

    private mutating func checkGradient(_ step: QuadraticStep) {
        guard isFullBatch, let optimum = problem.dataset.optimum, step.gradW.isFinite, step.gradB.isFinite,
            let exact = problem.gradient(w: step.w, b: step.b)
        else { return }
        let distance = max(abs(step.gradW - exact.w), abs(step.gradB - exact.b))
        let size = problem.curvature.largest * (abs(step.w) + abs(step.b) + abs(optimum.w) + abs(optimum.b))
        guard size > 0, size.isFinite, distance / size > gradientDeviation?.value ?? -1 else { return }
        gradientDeviation = (distance / size, step.step)
    }
}
