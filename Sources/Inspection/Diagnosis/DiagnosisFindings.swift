import TextFormats
import Theory
import Tracking

/// The statements that a diagnosis rests on, in the order in which a person would look.
struct DiagnosisFindings {
    private let diagnosed: DiagnosedRun
    private let queries: DiagnosisQueries
    private var run: Run { diagnosed.run }
    private var objective: Objective { diagnosed.evidence.objective }
    private var analysis: StabilityAnalysis { diagnosed.evidence.analysis }
    private var steps: StepStatistics { diagnosed.evidence.steps }

    init(_ diagnosed: DiagnosedRun) {
        self.diagnosed = diagnosed
        queries = DiagnosisQueries(diagnosed)
    }

    var all: [Diagnosis.Finding] {
        [
            outcome, curvature, edge, meanSquare, datum, steepGrowth, tenfold, overflow, lossOverflow, rise, turning,
            plateau,
            shift, floor, gradients,
        ].compactMap { $0 }
    }

    // MARK: - How it ended

    private var outcome: Diagnosis.Finding {
        if let step = run.divergedStep {
            return finding(
                "outcome", "first bad step \(step): \(run.stateReason ?? "")", Double(step), nil, queries.badStep)
        }
        guard let excess = diagnosed.evidence.finalExcess else {
            return finding("outcome", run.state.rawValue, nil, nil, queries.state)
        }
        return finding(
            "outcome",
            "\(run.state.isFinal ? "\(run.state.rawValue), at the end" : "unfinished, so far") \(number(excess)) above the minimum, of \(number(steps.firstExcess)) at "
                + "first", excess, steps.firstExcess, queries.finalExcess)
    }

    // MARK: - What theory says

    private var curvature: Diagnosis.Finding {
        let (largest, smallest) = objective.curvature
        return finding(
            "curvature",
            "the loss has the curvatures \(number(largest)) and \(number(smallest)), condition \(number(largest / smallest))",
            largest, smallest, queries.curvature)
    }

    private var edge: Diagnosis.Finding? {
        guard let edge = analysis.edge, let distance = analysis.distance, let name = analysis.name else {
            return finding(
                "edge",
                "lr * largest curvature is \(number(analysis.product)); \(run.plan.optimizer) with these settings has no "
                    + "exact edge", analysis.product, nil, queries.product)
        }
        let place = NumberText.rounded(abs(distance) * 100, digits: 2) + " % " + (distance > 0 ? "above" : "below")
        return finding(
            "edge",
            "lr * largest curvature is \(number(analysis.product)), \(place) \(number(edge)), the edge of \(name)"
                + (analysis.method.isFullBatch ? "" : " on full batches"), analysis.product, edge, queries.product)
    }

    private var meanSquare: Diagnosis.Finding? {
        analysis.meanSquare.map { map in
            finding(
                "batches",
                "with batches of \(run.plan.batchSize) the mean square of the distance from the minimum goes with "
                    + "\(number(map.growth)) per step, \(map.growth < 1 ? "so it settles" : "so it grows")", map.growth,
                1, queries.growth)
        }
    }

    private var datum: Diagnosis.Finding? {
        guard let sample = diagnosed.evidence.outlier else { return nil }
        let fairShare = 1 / Double(objective.samples.count)
        let query = queries.sample(sample)
        return switch sample.fault {
        case .notFinite: finding("datum", "sample \(sample.position) is not a number", nil, nil, query)
        case .leverage(let share):
            finding(
                "datum", "sample \(sample.position) makes \(percent(share)) of the curvature", share, fairShare, query)
        case .residual(let share):
            finding(
                "datum", "sample \(sample.position) makes \(percent(share)) of the loss at the minimum", share,
                fairShare,
                query)
        }
    }

    // MARK: - What the steps show

    private var steepGrowth: Diagnosis.Finding? {
        guard diagnosed.classification.cause == .learningRate, let step = steps.firstSteepGrowth else { return nil }
        return finding(
            "growth", "the distance along the steepest direction first grew at step \(step)", Double(step), nil,
            queries.steepGrowth)
    }

    private var tenfold: Diagnosis.Finding? {
        steps.firstTenfold.map { step in
            finding(
                "tenfold", "the excess was first ten times that of the first step at step \(step)", Double(step), nil,
                queries.tenfold)
        }
    }

    private var overflow: Diagnosis.Finding? {
        steps.firstOverflow.map { step in
            finding(
                "overflow", "a parameter was first beyond \(NumberText.exact(steps.overflowLimit)) at step \(step)",
                Double(step), steps.overflowLimit, queries.overflow)
        }
    }

    private var lossOverflow: Diagnosis.Finding? {
        guard diagnosed.classification == .lossOverflow, let step = steps.firstLossOverflow else { return nil }
        return finding(
            "overflow",
            "the squared errors of all samples were first beyond \(number(objective.largestSum)) at step \(step)",
            Double(step), objective.largestSum, queries.lossOverflow)
    }

    private var rise: Diagnosis.Finding? {
        guard diagnosed.classification == .transient, let rise = steps.rise else { return nil }
        return finding(
            "rise",
            "at step \(rise.step) the loss over all data was \(number(rise.factor)) times that of step \(rise.since)",
            rise.factor, 10, queries.rise(rise))
    }

    private var turning: Diagnosis.Finding? {
        guard analysis.method.isFullBatch, let share = steps.turningShare, share > 0.1 else { return nil }
        return finding(
            "oscillation",
            "in the second half \(percent(share)) of the steps went across the minimum along the steepest direction",
            share, nil, queries.turning)
    }

    private var plateau: Diagnosis.Finding? {
        guard run.state != .diverged, let third = steps.meanExcess(ofQuarter: 2),
            let fourth = steps.meanExcess(ofQuarter: 3), third > 0
        else { return nil }
        return finding(
            "progress",
            "the mean excess of the last quarter of the steps is \(number(fourth / third)) times that of the quarter before",
            fourth / third, 1, queries.progress)
    }

    private var shift: Diagnosis.Finding? {
        guard run.state != .diverged, !analysis.method.isFullBatch, !analysis.method.isOn("maximize"),
            let shift = steps.lateShift
        else { return nil }
        return finding(
            "noise",
            "the mean of the last quarter's parameters has \(number(shift)) times their mean excess, so they "
                + (shift < 0.5 ? "move around the minimum" : "stay on one side of the minimum"), shift, 1, queries.shift
        )
    }

    private var floor: Diagnosis.Finding? {
        guard let floor = analysis.noiseFloor, let late = steps.meanExcess(ofQuarter: 3),
            analysis.meanSquareGrowth ?? 1 < 1
        else { return nil }
        return finding(
            "noise floor",
            "the mean excess of the last quarter is \(number(late)); independent batches would keep it at \(number(floor)), "
                + "shuffled ones below", late, floor, queries.lateExcess)
    }

    private var gradients: Diagnosis.Finding? {
        steps.gradientDeviation.map { deviation in
            finding(
                "gradients",
                "every gradient is that of the data but for \(number(deviation.value)) of its terms (step \(deviation.step))",
                deviation.value, nil, queries.gradient(at: deviation.step))
        }
    }

    // MARK: - Internals

    private func finding(
        _ subject: String, _ sentence: String, _ value: Double?, _ reference: Double?, _ query: String
    ) -> Diagnosis.Finding {
        Diagnosis.Finding(subject: subject, sentence: sentence, value: value, reference: reference, query: query)
    }

    private func number(_ value: Double?) -> String { value.map { NumberText.rounded($0) } ?? "nothing" }
    private func percent(_ share: Double) -> String { NumberText.rounded(100 * share, digits: 3) + " %" }
}
