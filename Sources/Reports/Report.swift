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

    /// Writes all files into `folder`, which is made if it is not there.
    ///
    /// They appear together when all are complete; a failure leaves the folder's files as they were. Time is linear in
    /// the number of steps; none of them is held in memory. Throws a `TrackingError` for an unknown sweep or run, and a
    /// ``ReportError`` where there is nothing to report or no way to write.
    package func write(to folder: URL) throws {
        // Before the folder is made: a mistyped name leaves nothing behind.
        let selection = try selection()
        try ReportFolder.write(to: folder) { files in
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
            if options.formats.contains(.markdown) {
                for figure in figures { try files.add(figure.path, Array(figure.svg.utf8)) }
                try files.add("report.md", Array(document.markdown.utf8))
            }
            if options.formats.contains(.html) {
                let page = HTMLPage(
                    title: findings.data.title, document: document,
                    figures: Dictionary(uniqueKeysWithValues: figures.map { ($0.path, $0.svg) }))
                try files.add("report.html", Array(page.text.utf8))
            }
            let provenance = ReportProvenance(findings, subject: subject, options: options, outputs: files.sums)
            try files.add(ReportProvenance.fileName, try provenance.json())
        }
    }

    /// What the report says now, without writing it.
    func findings() throws -> Findings {
        let selection = try selection()
        var curves = CurvesFile(stride: options.stride, parameters: selection.parameters) { _ in }
        return try findings(ReportData(selection, in: store, options: options, curves: &curves))
    }

    // MARK: - Internals

    private func selection() throws -> ReportSelection {
        try ReportSelection(subject, matching: options.selection, in: store, isAlive: isAlive)
    }

    private func findings(
        _ selection: ReportSelection, writingCurvesTo files: inout ReportFolder
    ) throws -> Findings {
        let read = { (write: @escaping ([UInt8]) throws -> Void) in
            var curves = CurvesFile(stride: options.stride, parameters: selection.parameters, write: write)
            let data = try ReportData(selection, in: store, options: options, curves: &curves)
            try curves.close()
            return data
        }
        let isWritten = options.formats.contains(.csv)
        return try findings(isWritten ? files.add("data/curves.csv", read) : read { _ in })
    }

    private func findings(_ data: ReportData) throws -> Findings {
        Findings(
            data, try Comparison(data, options: options), options: options, subject: subject, spelling: spelling)
    }
}
