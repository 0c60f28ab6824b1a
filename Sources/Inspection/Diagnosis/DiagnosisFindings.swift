import Reports
import Tracking

/// The statements that a diagnosis rests on, in the order in which a person would look.
struct DiagnosisFindings {
    private let judgement: Judgement
    private var run: StoredRun { judgement.run }
    private var problem: Problem { judgement.problem }
    private var evidence: StepEvidence { judgement.evidence }

    init(_ judgement: Judgement) {
        self.judgement = judgement
    }

    var all: [Diagnosis.Finding] {
        [
            outcome, curvature, edge, meanSquare, datum, steepGrowth, tenfold, overflow, rise, turning, plateau, floor,
            gradients,
        ].compactMap { $0 }
    }

    // MARK: - How it ended

    private var outcome: Diagnosis.Finding {
        let text =
            run.firstBadStep.map { "first bad step \($0): \(run.reason ?? "")" }
            ?? judgement.finalExcess.map {
                "\(run.state.rawValue), at the end \(number($0)) above the minimum, of \(number(evidence.firstExcess)) at first"
            } ?? run.state.rawValue
        return finding(
            "outcome", text, run.firstBadStep.map(Double.init) ?? judgement.finalExcess, evidence.firstExcess,
            "SELECT state, first_bad_step, reason, final_loss FROM runs WHERE id = \(run.id)")
    }

    // MARK: - What theory says

    private var curvature: Diagnosis.Finding {
        let (largest, smallest) = problem.curvature
        return finding(
            "curvature",
            "the loss has the curvatures \(number(largest)) and \(number(smallest)), condition \(number(largest / smallest))",
            largest, smallest,
            "SELECT hessian_ww, hessian_wb, hessian_bb, samples FROM datasets WHERE id = \(run.plan.datasetID)")
    }

    private var edge: Diagnosis.Finding? {
        let setting = judgement.setting
        let query =
            "SELECT learning_rate, json_extract(config, '$.optimizer') FROM runs WHERE id = \(run.id)"
        guard let edge = setting.edge, let distance = setting.distance, let method = setting.method else {
            return finding(
                "edge",
                "lr * largest curvature is \(number(setting.product)); \(setting.optimizer) with these settings has no "
                    + "exact edge", setting.product, nil, query)
        }
        let place = NumberText.rounded(abs(distance) * 100, digits: 2) + " % " + (distance > 0 ? "above" : "below")
        return finding(
            "edge",
            "lr * largest curvature is \(number(setting.product)), \(place) \(number(edge)), the edge of \(method)"
                + (setting.isFullBatch ? "" : " on full batches"), setting.product, edge, query)
    }

    private var meanSquare: Diagnosis.Finding? {
        judgement.setting.meanSquareGrowth.map { growth in
            finding(
                "batches",
                "with batches of \(run.plan.batchSize) the mean square of the distance from the minimum goes with "
                    + "\(number(growth)) per step, \(growth < 1 ? "so it settles" : "so it grows")", growth, 1,
                "SELECT learning_rate, batch_size FROM runs WHERE id = \(run.id)")
        }
    }

    private var datum: Diagnosis.Finding? {
        guard let sample = judgement.sample else { return nil }
        let query =
            "SELECT position, x, y FROM dataset_rows WHERE dataset_id = \(run.plan.datasetID) AND position = "
            + "\(sample.position)"
        return switch sample.fault {
        case .notFinite: finding("datum", "sample \(sample.position) is not a number", nil, nil, query)
        case .leverage(let share):
            finding(
                "datum", "sample \(sample.position) makes \(percent(share)) of the curvature", share,
                1 / Double(problem.dataset.x.count), query)
        case .residual(let share):
            finding(
                "datum", "sample \(sample.position) makes \(percent(share)) of the loss at the minimum", share,
                1 / Double(problem.dataset.x.count), query)
        }
    }

    // MARK: - What the steps show

    private var steepGrowth: Diagnosis.Finding? {
        guard judgement.verdict.0 == .learningRate, let step = evidence.firstSteepGrowth,
            let optimum = problem.dataset.optimum
        else { return nil }
        let (w, b) = (problem.coordinates(w: 1, b: 0)[0], problem.coordinates(w: 0, b: 1)[0])
        return finding(
            "growth", "the distance along the steepest direction first grew at step \(step)", Double(step), nil,
            "SELECT step, \(exact(w)) * (w - \(exact(optimum.w))) + \(exact(b)) * (b - \(exact(optimum.b))) AS steepest "
                + "FROM quadratic_steps WHERE run_id = \(run.id) AND step BETWEEN \(max(0, step - 2)) AND \(step + 2)")
    }

    private var tenfold: Diagnosis.Finding? {
        evidence.firstTenfold.map { step in
            finding(
                "tenfold", "the excess was first ten times that of the first step at step \(step)", Double(step), nil,
                """
                SELECT min(step) FROM excess WHERE run_id = \(run.id) AND excess > 10 * (SELECT excess FROM excess \
                WHERE run_id = \(run.id) ORDER BY step LIMIT 1)
                """)
        }
    }

    private var overflow: Diagnosis.Finding? {
        evidence.firstOverflow.map { step in
            let limit = NumberText.exact(evidence.overflowLimit)
            return finding(
                "overflow", "a parameter was first beyond \(limit) at step \(step)", Double(step),
                evidence.overflowLimit,
                """
                SELECT min(step) FROM quadratic_steps WHERE run_id = \(run.id) AND max(abs(w), abs(b)) > \(limit)
                """)
        }
    }

    private var rise: Diagnosis.Finding? {
        guard judgement.verdict.0 == .transient, let rise = evidence.rise else { return nil }
        return finding(
            "rise",
            "the loss over all data was highest above what it had been before at step \(rise.step), \(number(rise.factor)) times",
            rise.factor, 10,
            "SELECT step, excess FROM excess WHERE run_id = \(run.id) AND step = \(rise.step)")
    }

    private var turning: Diagnosis.Finding? {
        guard judgement.setting.isFullBatch, let share = evidence.turningShare, share > 0.1,
            let optimum = problem.dataset.optimum
        else { return nil }
        let (w, b) = (problem.coordinates(w: 1, b: 0)[0], problem.coordinates(w: 0, b: 1)[0])
        let range = evidence.secondHalf
        return finding(
            "oscillation",
            "in the second half \(percent(share)) of the steps went across the minimum along the steepest direction",
            share,
            nil,
            """
            SELECT avg((a < 0) <> (before < 0)) FROM (SELECT a, lag(a) OVER (ORDER BY step) AS before FROM (SELECT step, \
            \(exact(w)) * (w - \(exact(optimum.w))) + \(exact(b)) * (b - \(exact(optimum.b))) AS a FROM quadratic_steps \
            WHERE run_id = \(run.id) AND step BETWEEN \(max(0, range.lowerBound - 1)) AND \(range.upperBound)))
            """)
    }

    private var plateau: Diagnosis.Finding? {
        guard let third = evidence.meanExcess(ofQuarter: 2), let fourth = evidence.meanExcess(ofQuarter: 3), third > 0
        else { return nil }
        let (first, last) = (evidence.thirdQuarter, evidence.lastQuarter)
        return finding(
            "progress",
            "the mean excess of the last quarter of the steps is \(number(fourth / third)) times that of the quarter before",
            fourth, third,
            """
            SELECT avg(excess) FILTER (WHERE step >= \(last.lowerBound)) / avg(excess) FILTER (WHERE step < \
            \(last.lowerBound)) FROM excess WHERE run_id = \(run.id) AND step >= \(first.lowerBound)
            """)
    }

    private var floor: Diagnosis.Finding? {
        guard let floor = judgement.setting.noiseFloor, let late = evidence.meanExcess(ofQuarter: 3),
            judgement.setting.meanSquareGrowth ?? 1 < 1
        else { return nil }
        return finding(
            "noise floor",
            "the mean excess of the last quarter is \(number(late)); independent batches would keep it at \(number(floor)), "
                + "shuffled ones below", late, floor,
            "SELECT avg(excess) FROM excess WHERE run_id = \(run.id) AND step >= \(evidence.lastQuarter.lowerBound)")
    }

    private var gradients: Diagnosis.Finding? {
        guard let deviation = evidence.gradientDeviation else { return nil }
        let scale = exact(problem.scale)
        return finding(
            "gradients",
            "every gradient is that of the data but for \(number(deviation.value)) of its terms (step \(deviation.step))",
            deviation.value, nil,
            """
            SELECT step, grad_w, \(scale) * (hessian_ww * (w - optimum_w) + hessian_wb * (b - optimum_b)) AS exact_grad_w \
            FROM quadratic_steps JOIN runs ON runs.id = run_id JOIN datasets ON datasets.id = dataset_id \
            WHERE run_id = \(run.id) AND step = \(deviation.step)
            """)
    }

    // MARK: - Internals

    private func finding(
        _ subject: String, _ sentence: String, _ value: Double?, _ reference: Double?, _ query: String
    ) -> Diagnosis.Finding {
        Diagnosis.Finding(subject: subject, sentence: sentence, value: value, reference: reference, query: query)
    }

    private func number(_ value: Double?) -> String { value.map { NumberText.rounded($0) } ?? "nothing" }
    private func exact(_ value: Double) -> String { NumberText.exact(value) }
    private func percent(_ share: Double) -> String { NumberText.rounded(100 * share, digits: 3) + " %" }
}
