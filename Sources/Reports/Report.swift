package import Foundation
package import Tracking

/// A comparison of runs as Markdown and CSV: a pure function of the notebook.
///
/// Writes `report.md` and, under `data`, every number in it as CSV. The same notebook gives the same
/// bytes; with ``ReportOptions/isReproducible`` so do the same runs recorded anew, on another day or machine.
package struct Report {
    private let subject: ReportSubject
    private let store: Store
    private let options: ReportOptions
    private let isAlive: (ProcessIdentity) -> Bool

    /// `isAlive` says whether a process that works on a run still exists; a run whose process is gone is shown as
    /// interrupted.
    package init(
        of subject: ReportSubject, in store: Store, options: ReportOptions = ReportOptions(),
        isAlive: @escaping (ProcessIdentity) -> Bool = { _ in true }
    ) {
        self.subject = subject
        self.store = store
        self.options = options
        self.isAlive = isAlive
    }

    /// Writes all files into `folder`, which is made if it is not there.
    ///
    /// They appear together when all are complete; a failure leaves the folder's files as they were. Time is linear in
    /// the number of steps; none of them is held in memory. Throws a `TrackingError` for an unknown sweep or run, and a
    /// ``ReportError`` where there is nothing to report or no way to write.
    package func write(to folder: URL) throws {
        // Before the folder is made: a mistyped name leaves nothing behind.
        let selection = try ReportSelection(subject, in: store, isAlive: isAlive)
        try ReportFolder.write(to: folder) { files in
            let data = try files.add("data/curves.csv") { write in
                var curves = CurvesFile(stride: options.stride, write: write)
                let data = try ReportData(selection, in: store, options: options, curves: &curves)
                try curves.close()
                return data
            }
            let comparison = try Comparison(data, options: options)
            let findings = Findings(data, comparison, options: options)
            for (name, bytes) in findings.dataFiles { try files.add("data/\(name).csv", bytes) }
            for (name, chart) in findings.figures.charts { try files.add("fig/\(name).svg", Array(chart.svg.utf8)) }
            try files.add("report.md", Array(findings.markdown.utf8))
        }
    }
}
