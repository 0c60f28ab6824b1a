import Autograd

/// A point on the line that a step searches.
struct LinePoint<Scalar: TensorScalar> {
    /// Multiple of the direction.
    var position: Double
    var loss: Double
    /// The loss's derivative along the direction.
    var slope: Double
    var gradient: [Scalar]
}

/// A line search for the strong Wolfe conditions, by bracketing and cubic interpolation, step for step PyTorch's
/// (which follows minFunc; Nocedal and Wright, "Numerical optimization", algorithms 3.5 and 3.6).
///
/// A point is accepted when loss ≤ loss(0) + 1e-4 t slope(0) and |slope| ≤ 0.9 |slope(0)|. Otherwise the best end of the
/// last bracket is returned when the bracket is small or the evaluations are used up.
struct StrongWolfe {
    /// A bracket whose size times the direction's largest entry is below this ends the search.
    let changeTolerance: Double
    /// Evaluations after the first trial, at most.
    let evaluationLimit: Int

    private let sufficientDecrease = 1e-4
    private let sufficientFlatness = 0.9

    init(changeTolerance: Double, evaluationLimit: Int) {
        self.changeTolerance = changeTolerance
        self.evaluationLimit = evaluationLimit
    }

    /// The point found on the line through `start`, whose first trial is at `firstTrial`.
    func search<Scalar: TensorScalar>(
        from start: LinePoint<Scalar>, firstTrial: Double, directionSize: Double,
        evaluate: (Double) throws -> LinePoint<Scalar>
    ) rethrows -> LinePoint<Scalar> {
        var previous = start
        var trial = try evaluate(firstTrial)
        var evaluations = 0
        while evaluations < evaluationLimit {
            let rises = evaluations > 1 && trial.loss >= previous.loss
            if !decreasesEnough(trial, from: start) || rises { break }
            if isFlatEnough(trial, from: start) { return trial }
            if trial.slope >= 0 { break }
            let position = trial.position
            let next = minimum(
                between: previous, and: trial,
                within: (position + 0.01 * (position - previous.position), position * 10))
            previous = trial
            trial = try evaluate(next)
            evaluations += 1
        }
        let bracket = [evaluations == evaluationLimit ? start : previous, trial]
        return try zoom(
            into: bracket, from: start, directionSize: directionSize, evaluations: evaluations, evaluate: evaluate)
    }

    /// Shrinks a bracket until a point inside it is accepted.
    private func zoom<Scalar: TensorScalar>(
        into bracket: [LinePoint<Scalar>], from start: LinePoint<Scalar>, directionSize: Double, evaluations: Int,
        evaluate: (Double) throws -> LinePoint<Scalar>
    ) rethrows -> LinePoint<Scalar> {
        var bracket = bracket
        var low = bracket[0].loss <= bracket[1].loss ? 0 : 1
        var madeLittleProgress = false
        for _ in evaluations..<max(evaluations, evaluationLimit) {
            let ends = bracket.map(\.position).sorted()
            if (ends[1] - ends[0]) * directionSize < changeTolerance { break }
            let guess = minimum(between: bracket[0], and: bracket[1], within: (ends[0], ends[1]))
            let position = inside(ends, guess, &madeLittleProgress)
            let trial = try evaluate(position)
            if !decreasesEnough(trial, from: start) || trial.loss >= bracket[low].loss {
                bracket[1 - low] = trial
                low = bracket[0].loss <= bracket[1].loss ? 0 : 1
                continue
            }
            if isFlatEnough(trial, from: start) { return trial }
            if trial.slope * (bracket[1 - low].position - bracket[low].position) >= 0 {
                bracket[1 - low] = bracket[low]
            }
            bracket[low] = trial
        }
        return bracket[low]
    }

    /// The guess, kept a tenth of the bracket away from its ends where it would make too little progress.
    private func inside(_ ends: [Double], _ guess: Double, _ madeLittleProgress: inout Bool) -> Double {
        let margin = 0.1 * (ends[1] - ends[0])
        guard min(ends[1] - guess, guess - ends[0]) < margin else {
            madeLittleProgress = false
            return guess
        }
        guard madeLittleProgress || guess >= ends[1] || guess <= ends[0] else {
            madeLittleProgress = true
            return guess
        }
        madeLittleProgress = false
        return abs(guess - ends[1]) < abs(guess - ends[0]) ? ends[1] - margin : ends[0] + margin
    }

    private func decreasesEnough<Scalar>(_ point: LinePoint<Scalar>, from start: LinePoint<Scalar>) -> Bool {
        !(point.loss > start.loss + sufficientDecrease * point.position * start.slope)
    }

    private func isFlatEnough<Scalar>(_ point: LinePoint<Scalar>, from start: LinePoint<Scalar>) -> Bool {
        abs(point.slope) <= -sufficientFlatness * start.slope
    }

    /// Where the cubic through both points with their slopes is least, or the middle where it has no minimum.
    private func minimum<Scalar>(
        between a: LinePoint<Scalar>, and b: LinePoint<Scalar>, within bounds: (low: Double, high: Double)
    ) -> Double {
        let (left, right) = a.position <= b.position ? (a, b) : (b, a)
        let width = right.position - left.position
        let d1 = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.position - right.position)
        let square = d1 * d1 - left.slope * right.slope
        guard square >= 0 else { return (bounds.low + bounds.high) / 2 }
        let d2 = square.squareRoot()
        let share = (right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2)
        return min(max(right.position - width * share, bounds.low), bounds.high)
    }
}
