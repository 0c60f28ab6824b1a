import Crypto
import Statistics
import Tracking

/// What a report keeps of a run's steps, which it reads once from the first to the last.
struct Trajectory: Sendable {
    private(set) var stepCount = 0
    /// The loss of the first step; nil without steps.
    private(set) var firstLoss: Double?
    /// log10 of the excess loss (of the loss where there is no unique minimum) at evenly spaced steps, up to the last
    /// one recorded; -infinity where the excess is 0.
    private(set) var curve: [Double?] = []
    /// Time from the run's first step to its last.
    private(set) var elapsedNanoseconds: Int?

    /// After how many updates the excess was first at or below the report's target.
    private(set) var reached: Int?
    private(set) var hits = TargetHits()
    /// The excess at the budgets that all optimizers are compared at.
    private(set) var budgets = StepSampler(Self.comparedBudgets)
    /// The excess at the places of a figure.
    private(set) var figure: StepSampler
    /// The parameters at the same places.
    private(set) var path: [[Double]] = []
    /// The first step whose loss is more than ten times that of the first one.
    private(set) var firstGrowth: Int?

    /// Numbers of updates at which optimizers are ranked again: an order may flip between them.
    static let comparedBudgets = [10, 30, 100, 300, 1000]
    private static let figurePlaces = 48

    private let target: Double?
    private let curveSteps: [Int]
    private var hash = SHA256()
    /// Hashed in blocks, because a call costs more than a row.
    private var pending: [UInt64] = []
    private static let blockSize = 512

    /// `target` is the excess that counts as a success.
    init(of run: PlannedRun, target: Double?) {
        self.target = target
        figure = StepSampler(StepSampler.logarithmicSteps(to: run.steps, count: Self.figurePlaces))
        curveSteps = Self.curveSteps(stepCount: run.steps)
        pending.reserveCapacity(Self.blockSize + 5)
    }

    /// The step behind each cell of a sparkline, from the first to the last planned one.
    static func curveSteps(stepCount: Int) -> [Int] {
        (0..<Sparkline.cellCount).map { $0 * (stepCount - 1) / (Sparkline.cellCount - 1) }
    }

    /// Takes the next step.
    mutating func append(_ step: RecordedStep) {
        stepCount += 1
        if firstLoss == nil { firstLoss = step.loss }
        elapsedNanoseconds = step.elapsedNanoseconds
        pending.append(step.loss.bitPattern.littleEndian)
        for value in step.parameters { pending.append(value.bitPattern.littleEndian) }
        for value in step.gradient { pending.append(value.bitPattern.littleEndian) }
        if pending.count >= Self.blockSize { hashPending() }
        while curve.count < curveSteps.count, curveSteps[curve.count] == step.step {
            let decades = Log10.of(step.excess ?? step.loss)
            curve.append(decades.isNaN || decades == .infinity ? nil : decades)
        }
        if firstGrowth == nil, let firstLoss, step.loss > 10 * firstLoss { firstGrowth = step.step }
        if path.count < figure.steps.count, figure.steps[path.count] == step.step {
            path.append(step.parameters)
        }
        note(step.excess, after: step.step)
    }

    /// Takes the excess at the parameters after the last update.
    mutating func finish(_ excess: Double?, after updates: Int) {
        note(excess, after: updates)
    }

    private mutating func note(_ excess: Double?, after updates: Int) {
        if reached == nil, let target, let excess, excess <= target { reached = updates }
        hits.append(excess, after: updates)
        budgets.append(excess, after: updates)
        figure.append(excess, after: updates)
    }

    /// Names all numbers of all steps, as hexadecimal SHA-256 over the IEEE bytes of loss, parameters and gradients; nil
    /// without steps.
    mutating func sha256() -> String? {
        guard stepCount > 0 else { return nil }
        hashPending()
        return Hexadecimal.text(hash.finalize())
    }

    private mutating func hashPending() {
        pending.withUnsafeBytes { hash.update(bufferPointer: $0) }
        pending.removeAll(keepingCapacity: true)
    }
}
