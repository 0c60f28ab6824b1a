/// What a run's steps show of its course, gathered in one reading.
package struct StepStatistics: Sendable {
    /// How far the loss over all data went up again.
    package struct Rise: Sendable {
        package let factor: Double
        /// The step whose loss it is compared with.
        package let since: Int
        package let step: Int
        package let excess: Double
    }

    /// The largest parameter whose square, summed over the data, still fits the number type.
    package let overflowLimit: Double
    /// The first step that the run recorded itself.
    package let begin: Int

    package private(set) var firstExcess: Double?
    package private(set) var lastExcess: Double?
    /// Where the loss over all data was highest above an earlier one.
    package private(set) var rise: Rise?
    package private(set) var firstTenfold: Int?
    package private(set) var firstOverflow: Int?
    /// The first step at which the squared errors of all samples have no sum in the number type.
    package private(set) var firstLossOverflow: Int?
    /// The first step further from the minimum along the steepest direction than the one before.
    package private(set) var firstSteepGrowth: Int?
    /// Of full batches: the largest distance of a gradient row from the gradient over all data, relative to its terms.
    package private(set) var gradientDeviation: (value: Double, step: Int)?
    package private(set) var stepCount = 0

    private let objective: Objective
    private let end: Int
    private let isFullBatch: Bool
    private let isSteady: Bool
    private var first = 0.0
    private var lowest: (loss: Double, step: Int)?
    private var eighths: [(sum: Double, count: Int)] = Array(repeating: (0, 0), count: 8)
    /// The sums of the last quarter's distances from the optimum, per parameter.
    private var lateDistances: [Double]
    private var lastSteep: Double?
    private var turns = 0
    private var turnsPossible = 0

    /// For the steps of a run, of which the first and the one after the last are known.
    package init(of steps: Range<Int>, on objective: Objective, by method: Method) {
        self.objective = objective
        (begin, end) = (steps.lowerBound, steps.upperBound)
        isFullBatch = method.isFullBatch
        isSteady = method.stabilityEdge != nil
        overflowLimit = objective.isSinglePrecision ? 1e18 : 1e150
        lateDistances = objective.surface.parameters.map { _ in 0 }
    }

    /// From which step to which the last quarter reaches.
    package var lastQuarter: Range<Int> { begin + (3 * (end - begin) + 3) / 4..<end }
    package var secondHalf: Range<Int> { begin + (end - begin + 1) / 2..<end }

    /// The mean excess in a quarter of the steps, 0 to 3; nil where it is not finite.
    package func meanExcess(ofQuarter quarter: Int) -> Double? {
        mean(
            eighths[2 * quarter].sum + eighths[2 * quarter + 1].sum,
            eighths[2 * quarter].count + eighths[2 * quarter + 1].count)
    }

    /// The mean excess of the last eighth of the steps, as a part of that of the eighth before.
    package var lateProgress: Double? {
        guard let before = mean(eighths[6].sum, eighths[6].count), let last = mean(eighths[7].sum, eighths[7].count),
            before > 0
        else { return nil }
        return last / before
    }

    /// The excess at the mean of the last quarter's parameters, as a part of their mean excess: near 0 for parameters that move
    /// around the minimum, near 1 for those that stay on one side of it.
    package var lateShift: Double? {
        guard let mean = meanExcess(ofQuarter: 3), mean > 0 else { return nil }
        let count = Double(eighths[6].count + eighths[7].count)
        let hessian = objective.surface.hessian
        var sum = 0.0
        for row in hessian.indices {
            for column in hessian.indices {
                sum += hessian[row][column] * (lateDistances[row] / count) * (lateDistances[column] / count)
            }
        }
        return 0.5 * objective.scale * sum / mean
    }

    /// In which part of the second half's steps the parameters were on the other side of the minimum than before, along
    /// the steepest direction.
    package var turningShare: Double? { turnsPossible > 0 ? Double(turns) / Double(turnsPossible) : nil }

    /// Takes the next step: the parameters before its update, the gradient there, and the excess, nil where the minimum
    /// is not unique.
    package mutating func append(
        step: Int, parameters: Span<Double>, gradient: Span<Double>, excess: Double?
    ) {
        stepCount += 1
        if firstOverflow == nil {
            for index in parameters.indices where abs(parameters[index]) > overflowLimit { firstOverflow = step }
        }
        if isFullBatch, let deviation = objective.gradientDeviation(gradient, at: parameters),
            deviation > gradientDeviation?.value ?? -1
        {
            gradientDeviation = (deviation, step)
        }
        guard let excess, let optimum = objective.optimum else { return }
        firstExcess = firstExcess ?? excess
        if firstLossOverflow == nil,
            !(objective.sumOfSquaresPerLoss * (excess + (objective.minimumLoss ?? 0)) <= objective.largestSum)
        {
            firstLossOverflow = step
        }
        if firstTenfold == nil, let firstExcess, excess > 10 * firstExcess { firstTenfold = step }
        guard excess.isFinite else { return }
        lastExcess = excess
        noteRise(excess, at: step)
        // A step before the first would be of a run whose `parent_step` was changed.
        let eighth = max(0, min(7, (step - begin) * 8 / max(1, end - begin)))
        eighths[eighth].sum += excess
        eighths[eighth].count += 1
        if eighth > 5 {
            for index in optimum.indices { lateDistances[index] += parameters[index] - optimum[index] }
        }
        let direction = objective.surface.eigensystem.vectors[0]
        var steep = direction[0] * (parameters[0] - optimum[0])
        for index in optimum.indices.dropFirst() { steep += direction[index] * (parameters[index] - optimum[index]) }
        noteTurn(steep, at: step)
    }

    // MARK: - Internals

    private func mean(_ sum: Double, _ count: Int) -> Double? {
        count > 0 && sum.isFinite ? sum / Double(count) : nil
    }

    private mutating func noteTurn(_ steep: Double, at step: Int) {
        if let lastSteep {
            if firstSteepGrowth == nil, abs(steep) > abs(lastSteep) { firstSteepGrowth = step }
            if secondHalf.contains(step) {
                turnsPossible += 1
                if (steep < 0) != (lastSteep < 0) { turns += 1 }
            }
        }
        lastSteep = steep
    }

    /// Against the lowest loss so far; as descent with momentum swings around the minimum all the way down, of plain
    /// descent only what is above its first loss counts.
    private mutating func noteRise(_ excess: Double, at step: Int) {
        let loss = max(excess + (objective.minimumLoss ?? 0), objective.smallestMeaningfulExcess)
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
}
