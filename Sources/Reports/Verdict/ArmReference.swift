import TextFormats
import Tracking

/// The runs that a person means by one side of a comparison: as everywhere, but `best:SWEEP` is a whole configuration.
struct ArmReference: Sendable {
    /// As it was typed.
    let text: String
    /// At least one.
    let runs: [Run]
    /// The sweep that they are of; nil if they were named one by one.
    let sweep: Sweep?
    /// Whether the best of the sweep's configurations is meant, whatever its optimizer.
    let isBest: Bool

    /// `selection` narrows every arm alike.
    init(_ text: String, selection: RunFilter = .all, in finder: RunFinder) throws {
        self.text = text
        let meaning: MeantRuns
        if case .best(let name) = RunReference(text) {
            try finder.mustNotBeName(text)
            isBest = true
            meaning = .sweep(try finder.store.sweeps.find(named: name), conditions: nil)
        } else {
            isBest = false
            meaning = try finder.meaning(of: [text])
        }
        if case .sweep(let sweep, _) = meaning { self.sweep = sweep } else { sweep = nil }
        let all = try finder.runs(of: meaning)
        let found = selection == .all ? nil : try finder.found(matching: selection, among: all)
        runs = found?.among(all) ?? all
        guard !runs.isEmpty else {
            throw ReportError(
                .nothingToReport, "no run of '\(text)' matches the filter\(found?.causes ?? "")",
                advice: "\(command: "runs") lists what there is")
        }
    }
}
