package import Foundation
package import TextFormats
package import Tracking

/// A comparison of runs as Markdown and CSV: a pure function of the notebook.
///
/// Writes `report.md` with its pictures, every number in it as CSV under `data`, `report.html` and `provenance.json`. The
/// same notebook gives the same bytes; with ``ReportOptions/isReproducible`` so do the same runs recorded again, on another day or machine.
package struct Report {
    private let subject: ReportSubject
    private let store: Store
    private let options: ReportOptions
    private let spelling: OptionSpelling
    private let isAlive: (ProcessIdentity) -> Bool?

    /// Reads nothing yet.
    ///
    /// `spelling` says how the options are typed that the report refers to: bare names are what no shell understands.
    /// `isAlive` says whether a process that works on a run still exists; a run whose process is gone is shown as
    /// interrupted.
    package init(
        of subject: ReportSubject, in store: Store, options: ReportOptions = ReportOptions(),
        spelling: @escaping OptionSpelling = { $0 }, isAlive: @escaping (ProcessIdentity) -> Bool? = { _ in true }
    ) {
        self.subject = subject
        self.store = store
        self.options = options
        self.spelling = spelling
        self.isAlive = isAlive
    }

    /// Writes all files into `folder`, which is made if it is not there, and returns how many bytes they have.
    ///
    /// They appear together when all are complete; a failure leaves the folder's files as they were. A folder that holds
    /// another report, or a file that is no part of one, is refused unless `force` is set. Time is linear in the number of
    /// steps; none of them is held in memory. Throws a `TrackingError` for an unknown sweep or run, and a
    /// ``ReportError`` where there is nothing to report or no way to write.
    @discardableResult
    package func write(to folder: URL, force: Bool = false) throws -> Int {
        // Before the folder is made: a mistyped name leaves nothing behind.
        let selection = try selection()
        let former = { try FormerReport(in: folder, subject: subject, options: options, force: force).files }
        return try ReportFolder.write(to: folder, replacing: former) { files in
            let findings = try findings(selection, writingCurvesTo: &files)
            if options.formats.contains(.csv) {
                for (name, bytes) in findings.dataFiles {
                    let bytes =
                        options.isSpreadsheetSafe ? try CSVTable(reading: bytes, name: name).spreadsheetBytes : bytes
                    try files.add("data/\(name).csv", bytes)
                }
            }
            let document = findings.document
            let figures = findings.figures.charts.map { (path: "fig/\($0.name).svg", svg: $0.chart.svg) }
                .filter { document.imagePaths.contains($0.path) }
            // The page has them inside.
            if !options.formats.isDisjoint(with: [.markdown, .latex]) {
                for figure in figures { try files.add(figure.path, Array(figure.svg.utf8)) }
            }
            if options.formats.contains(.markdown) {
                try files.add("report.md", Array(document.markdown.utf8))
            }
            if options.formats.contains(.html) {
                let page = HTMLPage(
                    title: findings.data.title, document: document,
                    figures: Dictionary(uniqueKeysWithValues: figures.map { ($0.path, $0.svg) }))
                try files.add("report.html", Array(page.text.utf8))
            }
            if options.formats.contains(.latex) { try files.add("report.tex", Array(document.latex.utf8)) }
            if options.formats.contains(.json) {
                try files.add("report.json", Array(ReportJSON.text(findings).utf8))
            }
            if options.formats.contains(.text) {
                try files.add("report.txt", Array(document.text(width: Self.textWidth).utf8))
            }
            let provenance = ReportProvenance(findings, subject: subject, options: options, outputs: files.sums)
            try files.add(ReportProvenance.fileName, try provenance.json())
        }
    }

    /// The files that ``write(to:force:)`` would write now, and how many bytes they have; it is refused for the same reasons, and
    /// nothing is left.
    package func files(in folder: URL, force: Bool = false) throws -> (names: [String], bytes: Int) {
        _ = try selection()
        _ = try FormerReport(in: folder, subject: subject, options: options, force: force)
        let temporary = FileManager.default.temporaryDirectory
        let work = try WorkFolder(in: temporary, for: temporary.path)
        defer { work.remove() }
        let report = work.file("report")
        let bytes = try write(to: report)
        let names = try FileManager.default.subpathsOfDirectory(atPath: report.path).filter(
            ReportPath.isPart(ofReport:))
        return (names.sorted(), bytes)
    }

    /// Of `report.txt`, in characters.
    private static let textWidth = 100

    /// What the report says now, without writing it.
    func findings() throws -> Findings {
        let selection = try selection()
        return try findings(read(selection) { _ in })
    }

    // MARK: - Internals

    private func selection() throws -> ReportSelection {
        try ReportSelection(subject, matching: options.selection, names: options.defaults, in: store, isAlive: isAlive)
    }

    private func findings(
        _ selection: ReportSelection, writingCurvesTo files: inout ReportFolder
    ) throws -> Findings {
        guard options.formats.contains(.csv) else { return try findings(read(selection) { _ in }) }
        let name = "data/curves.csv"
        let groupCount = Set(selection.runs.map(\.plan.groupID)).count
        guard options.stride == nil, groupCount > LongTable.longest else {
            return try findings(files.add(name) { try read(selection, writingCurvesTo: $0) })
        }
        // Only when all are read it is known which are shown.
        let findings = try findings(read(selection) { _ in })
        try files.add(name) { write in
            var curves = CurvesFile(stride: nil, parameters: selection.parameters, write: write)
            try findings.data.write(Set(findings.shownGroups.map(\.id)), from: store, to: &curves)
            try curves.close()
        }
        return findings
    }

    private func read(
        _ selection: ReportSelection, writingCurvesTo write: @escaping ([UInt8]) throws -> Void
    ) throws -> ReportData {
        var curves = CurvesFile(stride: options.stride, parameters: selection.parameters, write: write)
        let data = try ReportData(selection, in: store, options: options, curves: &curves)
        try curves.close()
        return data
    }

    private func findings(_ data: ReportData) throws -> Findings {
        let comparison = try Comparison(data, options: options)
        let landscape =
            options.plots == .svg
            ? try Landscape(data, comparison)?.chart { try $0.readPath(from: store, $1) } : nil
        return Findings(
            data, comparison, landscape: landscape, options: options, subject: subject, spelling: spelling)
    }
}

/// Everything that was computed from the runs, ready to be written.
struct Findings: Sendable {
    let data: ReportData
    let comparison: Comparison
    let queries: ReportQueries
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
        _ data: ReportData, _ comparison: Comparison, landscape: Chart? = nil, options: ReportOptions,
        subject: ReportSubject,
        spelling: @escaping OptionSpelling
    ) {
        self.data = data
        self.comparison = comparison
        self.options = options
        self.subject = subject
        self.spelling = spelling
        claims = Claims(comparison, target: data.target)
        checks = FairnessCheck.all(data, comparison)
        series = RateSeries.all(data, comparison.measure)
        tuning = TuningValue.all(data)
        gains = TuningGain.all(data, comparison.arms, defaults: options.defaults)
        theory = TheoryCheck.all(data, series)
        queries = ReportQueries(
            data, comparison, gains: gains, tuning: tuning, series: series, theory: theory)
        figures = Figures(data, comparison, series, landscape: landscape, plots: options.plots)
    }

    /// All but the curves, by their names without `.csv`.
    var dataFiles: [(name: String, bytes: [UInt8])] {
        [
            ("runs", RunsFile(data, comparison, options: options).bytes),
            ("completeness", DataFiles.completeness(Completeness.all(data))),
            ("problem", DataFiles.problems(data.problems, parameters: data.parameters)),
            ("series", DataFiles.series(series)),
            ("summary", SummaryFile(data, comparison).bytes),
            ("pairwise", DataFiles.pairs(comparison.pairs, target: data.target)),
            ("claims", DataFiles.claims(claims)),
            ("defaults", DataFiles.gains(gains)),
            ("budget_curve", DataFiles.tuning(tuning)),
            ("sensitivity", DataFiles.sensitivity(series)),
            ("ecdf", DataFiles.runtimes(comparison.arms)),
            ("theory", DataFiles.theory(theory)),
        ]
    }

    /// The configurations that the report shows in detail, in the order of the leaderboard: all, or of many the first, among
    /// them those that are compared.
    var shownGroups: [ConfigurationGroup] {
        let all = comparison.leaderboard(data)
        return all.count > LongTable.longest ? Array(all.prefix(LongTable.shown)) : all
    }

    var document: Document {
        (options.isBrief ? briefDocument : fullDocument).withoutDeadLinks
    }

    private var fullDocument: Document {
        let sections: [[Document.Block]] = [
            summary, optimizers, figures.blocks("convergence"),
            CompletenessSection(data: data).blocks,
            ProblemSection(data: data).blocks,
            ProtocolSection(checks: checks, data: data).blocks,
            figures.blocks("landscape") + figures.blocks("fit"),
            DefaultsSection(gains: gains).blocks,
            TuningSection(values: tuning).blocks,
            SensitivitySection(series: series).blocks + figures.blocks("sensitivity"),
            BudgetsSection(comparison: comparison).blocks + figures.blocks("ecdf"),
            PairwiseSection(comparison: comparison, spelling: spelling, target: data.target).blocks,
            LeaderboardSection(data: data, comparison: comparison).blocks,
            ParametersSection(data: data).blocks,
            DivergenceSection(data: data).blocks,
            TheorySection(checks: theory, unknownModels: data.unknownModels).blocks,
            ConfigurationsSection(data: data, groups: shownGroups).blocks,
            QueriesSection(queries: queries).blocks,
            ReproduceSection(
                data: data, queries: queries, subject: subject, options: options, spelling: spelling
            ).blocks,
        ]
        return Document(sections.flatMap { $0 })
    }

    /// What a README needs: the verdict, one table and one picture.
    private var briefDocument: Document {
        let table = optimizers.firstIndex { if case .table = $0 { true } else { false } }
        // With what stands right above it, the target.
        let shown = table.map { optimizers[max(1, $0 - 1)...$0] } ?? []
        let pictures = ["convergence", "sensitivity", "ecdf", "fit", "landscape"].lazy.map(figures.blocks)
        return Document(summary + shown + (pictures.first { !$0.isEmpty } ?? []))
    }

    private var summary: [Document.Block] {
        SummarySection(data: data, comparison: comparison, claims: claims, checks: checks, options: options).blocks
    }

    private var optimizers: [Document.Block] {
        OptimizersSection(data: data, comparison: comparison, spelling: spelling).blocks
    }
}
