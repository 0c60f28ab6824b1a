package import Foundation
package import Tracking

/// A comparison of runs as Markdown and CSV: a pure function of the notebook.
///
/// Writes `report.md`, `data/runs.csv`, `data/curves.csv` and `data/summary.csv`. The same notebook gives the same
/// bytes; with ``ReportOptions/isReproducible`` so do the same runs recorded anew.
package struct Report {
    private let subject: ReportSubject
    private let store: Store
    private let options: ReportOptions

    package init(of subject: ReportSubject, in store: Store, options: ReportOptions = ReportOptions()) {
        self.subject = subject
        self.store = store
        self.options = options
    }

    /// Writes all files into `folder`, which is made if it is not there.
    ///
    /// Each file is complete or as it was before. Time is linear in the number of steps; of those, one run's are in
    /// memory at a time.
    package func write(to folder: URL) throws {
        let selection = try ReportSelection(subject, in: store)
        let files = try ReportFolder(folder)
        var curves = CurvesFile(stride: options.stride)
        var times: [Int64: Double] = [:]
        let data = try files.write("data/curves.csv") { file in
            let data = try ReportData(selection, in: store) { run, curvature, steps in
                curves.append(steps, of: run.id, curvature)
                times[run.id] = steps.last.map { Double($0.elapsedNanoseconds) / 1e9 }
                try file.write(contentsOf: Data(curves.takeText().utf8))
            }
            try file.write(contentsOf: Data(curves.takeText().utf8))
            return data
        }
        try files.write("data/runs.csv", RunsFile(data, options: options, times: times).csv.text)
        try files.write("data/summary.csv", SummaryFile(data).csv.text)
        try files.write("report.md", markdown(data))
    }

    private func markdown(_ data: ReportData) -> String {
        "# \(MarkdownText.escaped(data.title))\n\n"
            + introduction(data)
            + CompletenessSection(data: data).text
            + ProblemSection(data: data).text + "\n"
            + LeaderboardSection(data: data).text
            + ParametersSection(data: data).text
            + DivergenceSection(data: data).text
            + ConfigurationsSection(data: data).text
            + QueriesSection(data: data).text
            + ReproduceSection(data: data, options: options).text
    }

    private func introduction(_ data: ReportData) -> String {
        let seeds = Set(data.runs.map(\.seed)).count
        var text =
            "\(data.groups.count) configurations on \(seeds) seeds: \(data.runs.count) runs, "
            + "\(data.runs.reduce(0) { $0 + $1.run.stepsDone }) recorded steps.\n\n"
        let versions = Set(data.runs.map(\.run.version)).sorted().joined(separator: ", ")
        if !options.isReproducible, let last = data.runs.compactMap(\.run.finishedAt).max() {
            text += "Made by gradbook \(MarkdownText.escaped(versions)); the last run ended at \(last).\n\n"
        }
        return text
    }
}
