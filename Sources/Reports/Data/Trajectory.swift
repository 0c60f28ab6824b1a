import Foundation
import Hashing
import Statistics
import Theory
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

    /// When the excess was at or below the report's target; nothing without one.
    private(set) var holding = HoldingTime()
    /// The excess after each number of updates that some run of the report was given.
    private(set) var cuts: StepSampler
    private(set) var hits = TargetHits()
    /// The excess at the budgets that all optimizers are compared at.
    private(set) var budgets = StepSampler(Self.comparedBudgets)
    /// The excess at the places of a figure.
    private(set) var figure: StepSampler
    /// The loss of the step's batch at the same places.
    private(set) var losses: StepSampler
    /// Between which values the two parameters of a model with as many went, as far as the excess was at most four times
    /// the first; nil for another model, or where no excess is known.
    private(set) var extent: ParameterExtent?
    /// The first step whose loss is more than ten times that of the first one.
    private(set) var firstGrowth: Int?

    /// Numbers of updates at which optimizers are ranked again: an order may flip between them.
    static let comparedBudgets = [10, 30, 100, 300, 1000]
    private static let figurePlaces = 48

    /// Excesses of the last tenth of the recorded steps, and of the tenth before the middle: where the two agree a run moves no more.
    private var lateExcesses: [Double] = []
    private var middleExcesses: [Double] = []

    private let target: Double?
    private let lateStart: Int
    private let middle: Range<Int>
    private let endedEarly: Bool
    private let curveSteps: [Int]
    private var hash = SHA256()
    /// Hashed in blocks, because a call costs more than a row.
    private var pending: [UInt64] = []
    private static let blockSize = 512

    /// `target` is the excess that counts as a success; `cuts` are the budgets of all runs, in ascending order.
    init(of run: Run, target: Double?, cuts: [Int]) {
        let plan = run.plan
        self.target = target
        self.cuts = StepSampler(cuts)
        lateStart = run.stepsDone - Instability.lateCount(of: run.stepsDone - (plan.parentStep ?? 0))
        let begin = plan.parentStep ?? 0
        middle = SettledExcess(steps: begin..<max(begin, run.stepsDone)).middle
        endedEarly = run.state == .done && run.stepsDone < plan.steps
        figure = StepSampler(StepSampler.logarithmicSteps(to: plan.steps, count: Self.figurePlaces))
        losses = StepSampler(figure.steps)
        curveSteps = Self.curveSteps(stepCount: plan.steps)
        pending.reserveCapacity(Self.blockSize + 5)
    }

    /// The step behind each cell of a sparkline, from the first to the last planned one.
    static func curveSteps(stepCount: Int) -> [Int] {
        (0..<Sparkline.cellCount).map { $0 * (stepCount - 1) / (Sparkline.cellCount - 1) }
    }

    /// Takes the excess before a step that a fork shares with its parent.
    mutating func inherit(_ excess: Double?, after updates: Int) {
        note(excess, after: updates)
    }

    /// Takes the next step.
    mutating func append(_ step: borrowing RecordedStep) {
        stepCount += 1
        if firstLoss == nil { firstLoss = step.loss }
        elapsedNanoseconds = step.elapsedNanoseconds
        if step.step >= lateStart {
            if let excess = step.excess { lateExcesses.append(excess) }
        } else if middle.contains(step.step), let excess = step.excess {
            middleExcesses.append(excess)
        }
        pending.append(step.loss.bitPattern.littleEndian)
        for index in step.parameters.indices { pending.append(step.parameters[index].bitPattern.littleEndian) }
        for index in step.gradient.indices { pending.append(step.gradient[index].bitPattern.littleEndian) }
        if pending.count >= Self.blockSize { hashPending() }
        while curve.count < curveSteps.count, curveSteps[curve.count] == step.step {
            let decades = Log10.of(step.excess ?? step.loss)
            curve.append(decades.isNaN || decades == .infinity ? nil : decades)
        }
        if firstGrowth == nil, let firstLoss, step.loss > 10 * firstLoss { firstGrowth = step.step }
        losses.append(step.loss, after: step.step)
        if let excess = step.excess, step.parameters.count == 2 {
            if extent == nil { extent = ParameterExtent(firstExcess: excess) }
            extent?.append(step.parameters[0], step.parameters[1], excess: excess)
        }
        note(step.excess, after: step.step)
    }

    /// Takes the excess at the parameters after the last update.
    ///
    /// `loss` is that over all data.
    mutating func finish(_ excess: Double?, loss: Double?, after updates: Int) {
        note(excess, after: updates)
        if endedEarly { holding.endEarly() }
        losses.append(loss, after: updates)
    }

    private mutating func note(_ excess: Double?, after updates: Int) {
        if let target, let excess { holding.append(step: updates, isMet: excess <= target) }
        cuts.append(excess, after: updates)
        hits.append(excess, after: updates)
        budgets.append(excess, after: updates)
        figure.append(excess, after: updates)
    }

    /// The excess at which the run had settled by its end; nil where it had not.
    var settledExcess: Double? { SettledExcess.of(late: lateExcesses, middle: middleExcesses) }

    /// Names all numbers of all steps, as hexadecimal SHA-256 over the IEEE bytes of loss, parameters and gradients; nil
    /// without steps.
    mutating func sha256() -> String? {
        guard stepCount > 0 else { return nil }
        hashPending()
        return Hexadecimal.text(hash.digest)
    }

    private mutating func hashPending() {
        pending.withUnsafeBytes { hash.update($0) }
        pending.removeAll(keepingCapacity: true)
    }
}

/// The numbers of one step after another, by what their columns hold, whatever they are called.
///
/// Reading a row allocates nothing, unless an array of the one before was kept. There is one per run, and no copy
/// of it: copies would count the references of all its arrays at every step.
struct RecordedStep: ~Copyable {
    private(set) var step = 0
    private(set) var elapsedNanoseconds = 0
    private(set) var loss = Double.nan
    private(set) var learningRate = Double.nan
    /// Before the step's update, in the order of the schema.
    private(set) var parameters: [Double]
    private(set) var gradient: [Double]
    /// Of the loss over all data; nil where no minimum is known, or it is not unique.
    private(set) var excess: Double?

    private let lossPlace: Int?
    private let learningRatePlace: Int?
    private let parameterPlaces: [Int]
    private let gradientPlaces: [Int]
    private let objective: Objective?

    /// Reads rows of this schema.
    init(of schema: StepSchema, on objective: Objective?) {
        lossPlace = schema.index(of: .loss)
        learningRatePlace = schema.index(of: .learningRate)
        parameterPlaces = schema.indices(of: .parameter)
        gradientPlaces = schema.indices(of: .gradient)
        parameters = parameterPlaces.map { _ in .nan }
        gradient = gradientPlaces.map { _ in .nan }
        // A surface of other parameters says nothing of these.
        self.objective = objective.flatMap { $0.surface.parameters == schema.parameters ? $0 : nil }
    }

    mutating func read(_ row: StepRow) {
        step = row.step
        elapsedNanoseconds = row.elapsedNanoseconds
        if let lossPlace { loss = row.values[lossPlace] }
        if let learningRatePlace { learningRate = row.values[learningRatePlace] }
        for index in parameterPlaces.indices { parameters[index] = row.values[parameterPlaces[index]] }
        for index in gradientPlaces.indices { gradient[index] = row.values[gradientPlaces[index]] }
        excess = objective?.excess(at: parameters)
    }
}

/// Between which values two parameters went while the loss was not far above that of the start.
struct ParameterExtent: Sendable, Equatable {
    private(set) var x = (low: Double.infinity, high: -Double.infinity)
    private(set) var y = (low: Double.infinity, high: -Double.infinity)
    private let limit: Double

    init(firstExcess: Double) { limit = 4 * firstExcess }

    mutating func append(_ x: Double, _ y: Double, excess: Double) {
        guard excess <= limit, x.isFinite, y.isFinite else { return }
        self.x = (min(self.x.low, x), max(self.x.high, x))
        self.y = (min(self.y.low, y), max(self.y.high, y))
    }

    static func == (a: ParameterExtent, b: ParameterExtent) -> Bool {
        a.x == b.x && a.y == b.y && a.limit == b.limit
    }
}

/// A quantity of a run at chosen numbers of updates.
struct StepSampler: Sendable {
    /// Ascending.
    let steps: [Int]
    /// One per entry of `steps`, as far as the run has come; nil where it is no number.
    private(set) var values: [Double?] = []

    init(_ steps: [Int]) {
        self.steps = steps
    }

    /// Takes the value after so many updates; they come in order.
    mutating func append(_ value: Double?, after updates: Int) {
        while values.count < steps.count, steps[values.count] <= updates {
            values.append(steps[values.count] == updates ? value.flatMap { $0.isFinite ? $0 : nil } : nil)
        }
    }

    /// The value at the entry of `steps` with this index; nil where the run never came there.
    subscript(index: Int) -> Double? { index < values.count ? values[index] : nil }

    /// About `count` numbers of updates from 0 to `last`, evenly spaced on the logarithmic scale from 1 on.
    static func logarithmicSteps(to last: Int, count: Int) -> [Int] {
        guard last > 0 else { return [0] }
        var steps = [0]
        // The factor need not be exact: it only chooses where to look.
        var place = 1.0
        let factor = max(1.0, Double(last).nthRoot(count))
        while steps.count <= count, let latest = steps.last, latest < last {
            let next = min(last, max(latest + 1, Int(place.rounded())))
            steps.append(next)
            place = max(place * factor, Double(next))
        }
        if steps.last != last { steps.append(last) }
        return steps
    }
}

extension Double {
    /// x^(1/n) by bisection: the same bits everywhere, unlike a library's `pow`.
    fileprivate func nthRoot(_ n: Int) -> Double {
        var (low, high) = (1.0, self)
        for _ in 0..<60 {
            let middle = low + (high - low) / 2
            let power = (0..<n).reduce(1.0) { product, _ in product * middle }
            if power < self { low = middle } else { high = middle }
        }
        return high
    }
}

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
