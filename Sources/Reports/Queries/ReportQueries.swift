import Statistics
import TextFormats
import Theory
import Tracking

/// The SQL of a report's tables, and only of those that it has.
struct ReportQueries: Sendable {
    /// In the order of their sections.
    let all: [ReportQuery]
    /// How one reads a final loss to its last bit.
    let exactLosses: String

    init(
        _ data: ReportData, _ comparison: Comparison, gains: [TuningGain], tuning: [TuningValue], series: [RateSeries],
        theory: [TheoryCheck]
    ) {
        let sql = RunSQL(data)
        let arms = ArmQueries(sql: sql, comparison: comparison)
        let pairs = PairQueries(arms: arms)
        let runs = RunQueries(sql: sql)
        exactLosses =
            "SELECT r.id, r.seed, printf('%!.17g', r.final_loss) AS final_loss FROM runs AS r\nWHERE \(sql.condition);"
        var all: [ReportQuery] = []
        let add = { (id: ReportQuery.ID, sections: [String], rows: String, note: String?, sql: String?) in
            if let sql { all.append(ReportQuery(id: id, sections: sections, rows: rows, note: note, sql: sql)) }
        }
        let first = OptimizersSection.title(data)
        add(
            .arms, [first], "each arm on the seeds that compare",
            "Resampled intervals, Wilson's, distinct trajectories and ranks are the program's; all else is here.",
            arms.compared)
        if sql.hasTarget { add(.times, [first], "each run's steps until it holds the target", nil, arms.times) }
        add(
            .completeness, [CompletenessSection.title], "what became of each optimizer's runs",
            "Which runs lost their process, and which trajectories are the same, only the program knows.",
            runs.completeness)
        add(.problem, [ProblemSection.title], "data and exact minimum", nil, runs.problem)
        add(
            .protocol, [ProtocolSection.title], "what the conditions are checked by",
            "Targets, floors and the choice of configurations are settings and theory, no rows.", runs.protocol(arms))
        if !gains.isEmpty {
            add(
                .defaults, [DefaultsSection.title], "default and tuned settings on the same seeds", nil,
                arms.defaults(gains))
        }
        let tried =
            (tuning.contains { $0.trialCount > 1 } ? [TuningSection.title] : [])
            + (series.contains { $0.groups.count > 1 } ? [SensitivitySection.title] : [])
            + (theory.contains { $0.quantity == "largest stable lr" } ? [TheorySection.title] : [])
        if !tried.isEmpty {
            add(
                .trials, tried, "each configuration on all its seeds",
                """
                The best of k is computed from the expected times, NULL being infinite; the best learning rate has the smallest share \
                of failures and then the lowest mean; stable is what neither diverged nor is unstable nor has grown.
                """, arms.trials)
        }
        let budgets = BudgetsSection(comparison: comparison).budgets
        if !budgets.isEmpty {
            let title = [BudgetsSection.title]
            add(.budgets, title, "the median after a number of steps", nil, pairs.budgets(budgets.map(\.steps)))
            add(.targets, title, "the fraction of all targets", nil, pairs.targets)
        }
        if !comparison.pairs.isEmpty {
            let isRatio = comparison.measure.measure.scale == .ratio
            add(
                .pairwise, [PairwiseSection.title],
                "the two values on each seed, and the difference\(isRatio ? " of their logarithms" : "") that the test takes",
                """
                Effect, interval, p and verdict are computed from these rows; of pairs of runs that repeat another pair exactly \
                one counts.
                """, pairs.pairwise)
        }
        let board = [LeaderboardSection.title]
        add(.leaderboard, board, "each configuration on all its seeds, in the order of the rows", nil, arms.leaderboard)
        add(.curves, board + [first], "the medians of the curves", nil, runs.curves(arms))
        if data.problems.contains(where: \.units.areScaled) {
            add(.parameters, [ParametersSection.title], "each configuration's best seed", nil, runs.parameters)
        }
        add(
            .divergence, [DivergenceSection.title], "each run that diverged or failed",
            "Edge and cause are theory's.", runs.divergence)
        let measured = TheoryQueries(sql: sql)
        let groups = { (isIncluded: (TheoryCheck) -> Bool) -> [String] in
            let subjects = Set(theory.filter(isIncluded).map(\.subject))
            return data.groups.map(\.id).filter(subjects.contains)
        }
        let (tested, placed) = (groups { _ in true }, groups(TheoryQueries.isOfPlaces))
        if !tested.isEmpty {
            add(
                .theory, [TheorySection.title], "first steps and late excesses",
                """
                The measured length is the worst seed's, the noise floor the mean of the late excesses. The error of a gradient is the \
                largest of all rows of \"step_parameters\"; the largest stable lr is the geometric mean of two rates of \"trials\".
                """, measured.runs(tested))
        }
        if !placed.isEmpty {
            add(
                .theorySteps, [TheorySection.title], "the excess after these numbers of steps",
                "Decades per step are log10 of the ratio of two of these, divided by twice the steps between them.",
                measured.places(placed))
        }
        add(.configurations, [ConfigurationsSection.title], "all settings", nil, runs.configurations)
        self.all = all
    }

    subscript(id: ReportQuery.ID) -> ReportQuery? { all.first { $0.id == id } }
}
