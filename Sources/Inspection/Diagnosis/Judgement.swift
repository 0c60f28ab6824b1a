import Reports
import TextFormats
import Tracking

/// Everything a diagnosis knows, and the cause that follows from it.
struct Judgement {
    let run: StoredRun
    let problem: Problem
    let setting: MethodSetting
    let evidence: StepEvidence
    let sample: SuspiciousSample?
    /// After the last update.
    let finalExcess: Double?

    /// What rules come first: what makes a run impossible, then what makes it diverge, then how it went.
    var verdict: (CauseClass, String) {
        impossible ?? unstable ?? course
    }

    // MARK: - Internals

    private var isSingle: Bool { run.plan.dtype == "float32" }
    private var hasDiverged: Bool { run.state == .diverged }

    /// Whether the run ended far worse than it began, though with finite numbers.
    private var hasGrown: Bool {
        guard let first = evidence.firstExcess, let last = finalExcess else { return false }
        return last > 10 * first
    }

    private var impossible: (CauseClass, String)? {
        if sample?.fault == .notFinite {
            return (.data, "a sample is not a number, so no loss can be computed")
        }
        if run.state == .failed {
            return (.unknown, "the run could not be trained: \(run.reason ?? "no reason is known")")
        }
        if evidence.stepCount == 0 { return (.unknown, "no step is recorded") }
        // Near overflow the sum of squares rounds away what this looks at.
        if let deviation = evidence.gradientDeviation, deviation.value > (isSingle ? 1e-3 : 1e-9) {
            return (
                .bug, "a recorded gradient is not that of the data; gradbook verify \(run.id) names what was changed"
            )
        }
        return nil
    }

    private var unstable: (CauseClass, String)? {
        let isDatum = if case .leverage = sample?.fault { true } else { false }
        if let distance = setting.distance, distance > 0 {
            if let others = settingWithoutSample, others.distance ?? 0 <= 0 {
                return (.data, "one sample makes the curvature, and with it an edge below the learning rate")
            }
            return (
                .learningRate,
                "the learning rate \(NumberText.exact(run.plan.learningRate)) is above "
                    + "\(NumberText.rounded(setting.edgeRate ?? 0, digits: 6)), the edge of \(setting.method ?? "") on these data"
            )
        }
        if let growth = setting.meanSquareGrowth, growth >= 1 {
            if let others = settingWithoutSample, others.meanSquareGrowth ?? 0 < 1 {
                return (.data, "one sample makes the curvature, and with it batches that are unstable")
            }
            return (
                .noise, "the learning rate is below the edge, but not for the noise of batches of \(run.plan.batchSize)"
            )
        }
        guard hasDiverged || hasGrown else { return nil }
        // On batches, what the noise made large overflowed in the end, too.
        if let step = evidence.firstOverflow, setting.edge == nil || setting.isFullBatch || step == evidence.begin {
            return (.overflow, "the parameters grew until their squares left the range of \(run.plan.dtype)")
        }
        guard setting.edge != nil else {
            return isDatum
                ? (.data, "one sample makes nearly all of the curvature")
                : hasDiverged ? (.unknown, "it diverged, and \(setting.optimizer) has no exact edge") : nil
        }
        if setting.isFullBatch {
            return hasDiverged ? (.bug, "it diverged although the learning rate is below the edge") : nil
        }
        return (.noise, "the learning rate is below the edge of full batches, so the noise of the batches is what grew")
    }

    /// How the run would descend on the data without the sample that makes the curvature, if there is one.
    private var settingWithoutSample: MethodSetting? {
        guard let sample, case .leverage = sample.fault else { return nil }
        return MethodSetting(run, Problem(problem.dataset.without(sample.position), of: run.plan))
    }

    private var course: (CauseClass, String) {
        if let sample, case .residual = sample.fault {
            return (.data, "sample \(sample.position) is so far from all others that it makes most of the loss")
        }
        if let sample, case .leverage = sample.fault {
            return (.data, "sample \(sample.position) alone makes most of the curvature")
        }
        if let rise = evidence.rise, rise.factor > 10, let last = finalExcess,
            10 * (last + (problem.minimumLoss ?? 0)) <= rise.excess + (problem.minimumLoss ?? 0)
        {
            return (.transient, "the loss rose more than tenfold up to step \(rise.step), and fell again")
        }
        guard let first = evidence.firstExcess, let last = finalExcess, first.isFinite else {
            return (.unknown, "the data have no single minimum to hold the run against")
        }
        if isAtNoiseFloor {
            return (.noiseFloor, "it moves around the minimum as far as the noise of its batches throws it")
        }
        // From far away a run falls a long way before it is near.
        let height = min(first, problem.excess(w: 0, b: 0) ?? first)
        if last <= max(problem.excessFloor, 1e-6 * height) || first <= problem.excessFloor {
            return (.converged, "it is at the minimum")
        }
        if setting.isFullBatch, let share = evidence.turningShare, share > 0.8 {
            return (.oscillation, "it is stable, but jumps over the minimum from step to step")
        }
        if let third = evidence.meanExcess(ofQuarter: 2), let fourth = evidence.meanExcess(ofQuarter: 3),
            fourth > 0.9 * third
        {
            return (.plateau, "it hardly moved in the second half of its steps, far from the minimum")
        }
        return (.falling, "the loss was still falling when it ended; more steps or a larger learning rate help")
    }

    /// Whether the excess stands still and swings, near the floor where there is a formula for it.
    private var isAtNoiseFloor: Bool {
        guard !setting.isFullBatch, let third = evidence.meanExcess(ofQuarter: 2),
            let fourth = evidence.meanExcess(ofQuarter: 3), fourth > problem.excessFloor, fourth > third / 2
        else { return false }
        if let floor = setting.noiseFloor { return fourth < 10 * floor && fourth > floor / 100 }
        return evidence.lateVariation ?? 0 > 0.1
    }
}
