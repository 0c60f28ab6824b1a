import Tracking

/// What a report is on.
package enum ReportSubject: Sendable, Equatable {
    case sweep(String)
    case runs([Int64])
}

/// The runs a report is on, found in the notebook.
struct ReportSelection: Sendable {
    let title: String
    /// Nil if the runs were named one by one.
    let sweep: StoredSweep?
    let runs: [StoredRun]

    init(_ subject: ReportSubject, in store: Store) throws {
        switch subject {
        case .sweep(let name):
            let sweep = try store.sweep(named: name)
            self.sweep = sweep
            title = name
            runs = try store.runs(ofSweep: sweep.id)
        case .runs(let ids):
            sweep = nil
            title = ids.count == 1 ? "run \(ids[0])" : "runs \(ids.map(String.init).joined(separator: ", "))"
            runs = try store.runs(ids: ids)
        }
    }
}
