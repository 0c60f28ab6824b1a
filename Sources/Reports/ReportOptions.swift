package import Tracking

/// What a report is on.
package enum ReportSubject: Sendable, Equatable {
    /// All planned runs of the sweep with this name.
    case sweep(String)
    /// The runs with these ids; one that is named twice counts once.
    case runs([Int64])
    /// Every run of the notebook; what is wanted of them is said by ``ReportOptions/selection``.
    case all

    /// What these runs are as a subject, and the filter that leaves no others of it.
    package static func of(_ meaning: MeantRuns) -> (subject: ReportSubject, selection: [String]) {
        switch meaning {
        case .sweep(let sweep, let conditions): (.sweep(sweep.plan.name), conditions.map { [$0] } ?? [])
        case .matching(let conditions): (.all, conditions)
        case .runs(let runs): (.runs(runs.map(\.id)), [])
        }
    }

    /// The subject as the name of a folder: nothing in it leads to another one, and two sweeps have two names.
    package var folderName: String {
        switch self {
        case .sweep(let name):
            // Written as in a URL, because that can be read back.
            let safe = name.unicodeScalars.map { scalar in
                switch scalar {
                case "/": "%2F"
                case "\\": "%5C"
                case ":": "%3A"
                case "%": "%25"
                default: String(scalar)
                }
            }.joined()
            return safe.hasPrefix(".") || safe.isEmpty ? "%2E" + safe.dropFirst() : safe
        case .all: return "selection"
        case .runs(let ids):
            // A file system takes 255 bytes.
            let first = ids.prefix(12).map(String.init).joined(separator: "-")
            return "run-\(first)" + (ids.count > 12 ? "-and-\(ids.count - 12)-more" : "")
        }
    }
}

/// How a report is written.
package struct ReportOptions: Sendable, Equatable {
    /// What can be written.
    package enum Format: String, Sendable, CaseIterable, Codable {
        /// `report.md` with its pictures in `fig`.
        case markdown
        /// `data/*.csv`.
        case csv
        /// `report.html`, which holds the pictures.
        case html
        /// `report.tex`, without pictures.
        case latex
        /// `report.json`: what is claimed, with every number of the arms and pairs.
        case json
        /// `report.txt`, without pictures.
        case text

        /// What is written unless something else is asked for.
        package static let standard: Set<Format> = [.markdown, .csv, .html]
    }

    /// How the pictures of `report.md` are drawn.
    package enum Plots: String, Sendable, CaseIterable, Codable {
        /// As files in `fig`.
        case svg
        /// The convergence alone, as a Mermaid diagram in the text.
        case mermaid
        /// Not at all; tables keep their small curves of block characters.
        case none
    }

    /// `curves.csv` has one step in so many of every run, and the last; statistics always use all steps.
    ///
    /// Nil means `CurvesFile/shownRows` of each run that is shown.
    package var stride: Int?
    /// Leaves out everything that depends on the time or the machine.
    package var isReproducible: Bool
    /// What counts as a success; nil means the sweep's own target, else ``ReportTarget/standard``.
    package var target: ReportTarget?
    /// The optimizer that all others are compared with; nil means every pair.
    package var baseline: String?
    /// On which seeds each optimizer's configuration is chosen; what is reported of it is then seen on the others.
    package var tuningSeeds: TuningSeeds
    /// Conditions that the reported runs must meet, such as `optimizer=adam lr<0.1`; nil for all of the subject's runs.
    package var selection: String?
    /// Puts an apostrophe before text in CSV files that a spreadsheet would take for a formula.
    package var isSpreadsheetSafe: Bool
    /// At least one.
    package var formats: Set<Format>
    package var plots: Plots
    /// Writes only what a README needs: the verdict, one table and one picture.
    package var isBrief: Bool
    /// How the notebook was named when the report was asked for; nil where it needs no name.
    package var database: String?
    /// What tuned settings are compared with.
    package var defaults: DefaultSettings

    package init(
        stride: Int? = nil, isReproducible: Bool = false, target: ReportTarget? = nil, baseline: String? = nil,
        tuningSeeds: TuningSeeds = .standard, selection: String? = nil, isSpreadsheetSafe: Bool = false,
        formats: Set<Format> = Format.standard, plots: Plots = .svg, isBrief: Bool = false, database: String? = nil,
        defaults: DefaultSettings = DefaultSettings(optimizers: [:])
    ) {
        if let stride { precondition(stride >= 1, "one step in \(stride)") }
        self.stride = stride
        self.isReproducible = isReproducible
        self.target = target
        self.baseline = baseline
        self.tuningSeeds = tuningSeeds
        self.selection = selection
        self.isSpreadsheetSafe = isSpreadsheetSafe
        self.formats = formats
        self.plots = plots
        self.isBrief = isBrief
        self.database = database
        self.defaults = defaults
    }
}
