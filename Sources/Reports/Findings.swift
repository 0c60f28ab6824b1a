import TextFormats

/// Everything that was computed from the runs, ready to be written.
struct Findings: Sendable {
    let data: ReportData
    let comparison: Comparison
    let claims: Claims
    let checks: [FairnessCheck]
    let series: [RateSeries]
    let tuning: [TuningValue]
    let gains: [TuningGain]
    let theory: [TheoryCheck]
    let figures: Figures
    private let options: ReportOptions
    private let subject: ReportSubject
    private let spelling: OptionSpelling

    init(
        _ data: ReportData, _ comparison: Comparison, options: ReportOptions, subject: ReportSubject,
        spelling: @escaping OptionSpelling
    ) {
        self.data = data
        self.comparison = comparison
        self.options = options
        self.subject = subject
        self.spelling = spelling
        claims = Claims(comparison, target: data.target, queries: ReportQueries(data))
        checks = FairnessCheck.all(data, comparison, tuningSeeds: options.tuningSeeds)
        series = RateSeries.all(data)
        tuning = TuningValue.all(data)
        gains = TuningGain.all(data, comparison.arms, defaults: options.defaults)
        theory = TheoryCheck.all(data, series)
        figures = Figures(data, comparison, series, plots: options.plots)
    }

    /// All but the curves, by their names without `.csv`.
    var dataFiles: [(name: String, bytes: [UInt8])] {
        [
            ("runs", RunsFile(data, options: options).bytes),
            ("completeness", OverviewFiles.completeness(Completeness.all(data))),
            ("problem", OverviewFiles.problems(data.problems, parameters: data.parameters)),
            ("series", OverviewFiles.series(series)),
            ("summary", SummaryFile(data, comparison).bytes),
            ("pairwise", PairwiseFile(comparison.pairs).bytes),
            ("claims", ClaimsFile(claims).bytes),
            ("defaults", TheoryFiles.gains(gains)),
            ("budget_curve", TheoryFiles.tuning(tuning)),
            ("sensitivity", TheoryFiles.sensitivity(series)),
            ("ecdf", TheoryFiles.runtimes(comparison.arms)),
            ("theory", TheoryFiles.theory(theory)),
        ]
    }

    var document: Document {
        let sections: [[Document.Block]] = [
            SummarySection(data: data, comparison: comparison, claims: claims, checks: checks, options: options).blocks,
            CompletenessSection(data: data).blocks,
            ProblemSection(data: data).blocks,
            ProtocolSection(checks: checks, data: data).blocks,
            OptimizersSection(data: data, comparison: comparison, spelling: spelling).blocks,
            figures.blocks("convergence") + figures.blocks("landscape") + figures.blocks("fit"),
            DefaultsSection(gains: gains).blocks,
            TuningSection(values: tuning).blocks,
            SensitivitySection(series: series).blocks + figures.blocks("sensitivity"),
            BudgetsSection(comparison: comparison).blocks + figures.blocks("ecdf"),
            PairwiseSection(comparison: comparison, spelling: spelling).blocks,
            LeaderboardSection(data: data).blocks,
            ParametersSection(data: data).blocks,
            DivergenceSection(data: data).blocks,
            TheorySection(checks: theory, unknownModels: data.unknownModels).blocks,
            ConfigurationsSection(data: data).blocks,
            QueriesSection(data: data).blocks,
            ReproduceSection(data: data, subject: subject, options: options, spelling: spelling).blocks,
        ]
        return Document(sections.flatMap { $0 })
    }
}
