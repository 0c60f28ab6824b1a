/// Why a run went as it went: the one place that decides it, for reports and for `why`.
///
/// Rules come in this order: what makes a run impossible, what makes it diverge, then how it went.
package enum Classification: Sendable, Equatable {
    // MARK: Impossible

    case notFiniteSample
    case failed
    case noSteps
    /// A recorded gradient is not that of the data.
    case wrongGradient

    // MARK: Unstable

    /// It climbs, which has no end.
    case maximizes
    /// The learning rate is above the edge; with the outlier left out it would not be.
    case outlierEdge
    case aboveEdge
    /// The learning rate is below the edge, but the noise of the batches grows; without the outlier it would not.
    case outlierNoise
    case aboveNoiseEdge
    /// The squares of the parameters left the number type.
    case overflow
    /// The squared errors left the number type, of parameters that are far inside.
    case lossOverflow
    /// It diverged, or grew, with a sample that makes nearly all of the curvature.
    case outlierGrowth
    /// It diverged, or grew, and its method has no exact edge.
    case noExactEdge
    /// It diverged on full batches although the learning rate is below the edge.
    case divergedBelowEdge
    /// It diverged, or grew, on batches below the edge of full ones.
    case noiseGrowth

    // MARK: How it went

    case outlierResidual
    case outlierLeverage
    case transient
    case noSingleMinimum
    case noiseFloor
    case converged
    case oscillation
    case plateau
    case stillFalling

    package var cause: Cause {
        switch self {
        case .notFiniteSample, .outlierEdge, .outlierNoise, .outlierGrowth, .outlierResidual, .outlierLeverage: .outlier
        case .failed, .noSteps, .maximizes, .noExactEdge, .noSingleMinimum: .unknown
        case .wrongGradient, .divergedBelowEdge: .bug
        case .aboveEdge: .learningRate
        case .aboveNoiseEdge, .noiseGrowth: .noise
        case .overflow, .lossOverflow: .overflow
        case .transient: .transient
        case .noiseFloor: .noiseFloor
        case .converged: .converged
        case .oscillation: .oscillation
        case .plateau: .plateau
        case .stillFalling: .notConverged
        }
    }
}

/// What is known of a run, from which its classification follows.
package struct Evidence: Sendable {
    package let ending: Ending
    package let objective: Objective
    package let analysis: StabilityAnalysis
    package let steps: StepStatistics
    package let outlier: OutlierSample?
    /// After the last update, or at the last step that is known.
    package let finalExcess: Double?

    package init(
        ending: Ending, objective: Objective, analysis: StabilityAnalysis, steps: StepStatistics,
        outlier: OutlierSample?, finalExcess: Double?
    ) {
        (self.ending, self.objective, self.analysis) = (ending, objective, analysis)
        (self.steps, self.outlier, self.finalExcess) = (steps, outlier, finalExcess)
    }

    package var classification: Classification { impossible ?? unstable ?? course }

    // MARK: - Internals

    private var hasDiverged: Bool { ending == .diverged }

    /// Whether the run ended far worse than it began, though with finite numbers.
    private var hasGrown: Bool {
        guard let first = steps.firstExcess, let last = finalExcess else { return false }
        return last > 10 * max(first, objective.smallestMeaningfulExcess)
    }

    /// Whether the last quarter of its steps was far below where it began.
    private var hasFallen: Bool {
        guard let first = steps.firstExcess, let late = steps.meanExcess(ofQuarter: 3) else { return false }
        return late < 0.1 * first
    }

    private var impossible: Classification? {
        if outlier?.fault == .notFinite { return .notFiniteSample }
        if ending == .failed { return .failed }
        if steps.stepCount == 0 { return .noSteps }
        // Near overflow the sum of squares rounds away what this looks at.
        if let deviation = steps.gradientDeviation, deviation.value > (objective.isSinglePrecision ? 1e-3 : 1e-9) {
            return .wrongGradient
        }
        return nil
    }

    private var unstable: Classification? {
        if analysis.method.isOn("maximize") { return .maximizes }
        if let distance = analysis.distance, distance > 0 {
            if let others = analysisWithoutOutlier, others.distance ?? 0 <= 0 { return .outlierEdge }
            return .aboveEdge
        }
        // Where rare batches alone make the mean square grow, a run can go well all the same.
        if let growth = analysis.meanSquareGrowth, growth >= 1, hasDiverged || !hasFallen {
            if let others = analysisWithoutOutlier, others.meanSquareGrowth ?? 0 < 1 { return .outlierNoise }
            return .aboveNoiseEdge
        }
        guard hasDiverged || hasGrown else { return nil }
        // On batches, what the noise made large overflowed in the end, too.
        if let step = steps.firstOverflow,
            analysis.edge == nil || analysis.method.isFullBatch || step == steps.begin
        {
            return .overflow
        }
        if let step = steps.firstLossOverflow,
            analysis.edge != nil && analysis.method.isFullBatch || step == steps.begin
        {
            return .lossOverflow
        }
        guard analysis.edge != nil else {
            if case .leverage = outlier?.fault { return .outlierGrowth }
            // From a start below its noise floor a run rises to it, and stays there.
            return hasDiverged || !isAtNoiseFloor ? .noExactEdge : nil
        }
        if analysis.method.isFullBatch { return hasDiverged ? .divergedBelowEdge : nil }
        return !hasDiverged && analysis.noiseFloor != nil && isAtNoiseFloor ? nil : .noiseGrowth
    }

    /// How the run would descend on the data without the sample that makes the curvature, if there is one.
    private var analysisWithoutOutlier: StabilityAnalysis? {
        guard let outlier, case .leverage = outlier.fault, let rest = objective.without(outlier.position) else {
            return nil
        }
        return StabilityAnalysis(analysis.method.withoutSample, on: rest)
    }

    private var course: Classification {
        switch outlier?.fault {
        case .residual: return .outlierResidual
        case .leverage: return .outlierLeverage
        case .notFinite, nil: break
        }
        let minimum = objective.minimumLoss ?? 0
        if let rise = steps.rise, rise.factor > 10, let last = finalExcess,
            10 * (last + minimum) <= rise.excess + minimum, !isNoise(rise)
        {
            return .transient
        }
        guard let first = steps.firstExcess, let last = finalExcess, first.isFinite else { return .noSingleMinimum }
        if isAtNoiseFloor { return .noiseFloor }
        // From far away a run falls a long way before it is near.
        let height = min(first, objective.excess(at: objective.surface.parameters.map { _ in 0 }) ?? first)
        let floor = objective.smallestMeaningfulExcess
        let isStanding = steps.meanExcess(ofQuarter: 2).flatMap { third in
            steps.meanExcess(ofQuarter: 3).map { $0 > 0.9 * third }
        }
        // In a valley much flatter than its walls a run can stand still high above the minimum, and still far below its start.
        let isInValley = isStanding == true && last > max(0.1 * minimum, 1e-10 * height)
        if last <= max(floor, isInValley ? 0 : 1e-6 * height) || first <= floor { return .converged }
        if analysis.method.isFullBatch, let share = steps.turningShare, share > 0.8 { return .oscillation }
        return isStanding == true ? .plateau : .stillFalling
    }

    /// Whether the floor's own swings explain a rise: among a thousand independent excesses the largest is about twelve times
    /// their mean.
    private func isNoise(_ rise: StepStatistics.Rise) -> Bool {
        guard isAtNoiseFloor, let late = steps.meanExcess(ofQuarter: 3) else { return false }
        return rise.excess < 30 * late
    }

    /// Whether noise alone keeps the excess where it is: with a formula for independent batches near that, else where the
    /// parameters move around the minimum and their excess does not fall.
    ///
    /// A slow descent swings as well, but on one side of the minimum.
    private var isAtNoiseFloor: Bool {
        guard !analysis.method.isFullBatch, let late = steps.meanExcess(ofQuarter: 3),
            late > objective.smallestMeaningfulExcess
        else { return false }
        if let floor = analysis.noiseFloor {
            if analysis.method.drawsIndependently, late < 2 * floor { return true }
            guard late < 10 * floor else { return false }
        }
        guard let shift = steps.lateShift, let progress = steps.lateProgress else { return false }
        // What grows is kept nowhere.
        return shift < 0.5 && progress > 0.5 && progress < 10
    }
}

/// What a run's course comes from.
package enum Cause: String, Sendable, CaseIterable {
    /// The learning rate is above the edge from which on the method must diverge on these data.
    case learningRate = "LR-UNSTABLE"
    /// Full batches would be stable, but the noise of such small ones adds up.
    case noise = "NOISE-UNSTABLE"
    /// The loss rose more than tenfold, and fell again.
    case transient = "TRANSIENT"
    /// The parameters grew until their squares, or the squared errors, overflowed, without a known edge being crossed.
    case overflow = "OVERFLOW"
    /// A sample that is no number, or so far from all others that it alone decides the outcome.
    case outlier = "OUTLIER"
    /// It went as no theory allows: the program, or the file, is wrong.
    case bug = "BUG"
    /// Stable, but every step overshoots the minimum along the steepest direction.
    case oscillation = "OSCILLATION"
    /// It moves around the minimum as far as the noise of the batches throws it.
    case noiseFloor = "NOISE-FLOOR"
    /// It hardly moves, far from the minimum.
    case plateau = "PLATEAU"
    /// The loss was still falling when the run ended.
    case notConverged = "NOT-CONVERGED"
    /// It is at the minimum.
    case converged = "CONVERGED"
    /// None of these is certain.
    case unknown = "UNKNOWN"
}

/// How a run ended, as theory asks for it.
package enum Ending: Sendable {
    case done, diverged, failed
    /// It has not ended, or was stopped from outside.
    case other
}
