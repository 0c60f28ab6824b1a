import ArgumentParser
import Learning
import TextFormats
import Tracking

/// Names that the shell completes; those of runs and sweeps from the notebook, none where there is no notebook.
///
/// A name that would not be seen as it is, such as one with a line break, is not offered.
enum Completions {
    static let runs = CompletionKind.custom { words, _, _ in
        notebook(meantBy: words).map { meaningsOfRuns(in: $0) } ?? []
    }

    static let sweeps = CompletionKind.custom { words, _, _ in
        notebook(meantBy: words).map { names(ofSweepsIn: $0) } ?? []
    }

    /// For commands that take either.
    static let runsAndSweeps = CompletionKind.custom { words, _, _ in
        notebook(meantBy: words).map { meaningsOfRuns(in: $0) + names(ofSweepsIn: $0) } ?? []
    }

    /// The keys of logged numbers.
    static let metrics = CompletionKind.custom { words, _, _ in
        notebook(meantBy: words).map { store in ((try? store.metrics.allKeys()) ?? []).filter(\.isVisible) } ?? []
    }

    static let optimizers = CompletionKind.list(OptimizerRegistry.all.map { $0.name })
    static let schedules = CompletionKind.list(ScheduleRegistry.all.map { $0.name })

    private static func notebook(meantBy words: [String]) -> Store? {
        let flag = words.firstIndex(of: "--db").map { words[$0...].prefix(2) } ?? []
        guard let options = try? DatabaseOptions.parse(Array(flag)) else { return nil }
        return try? Store.open(at: options.file, access: .readOnly, now: Clock.timestamp)
    }

    private static func meaningsOfRuns(in store: Store) -> [String] {
        ["last"] + names(ofRunsIn: store) + names(ofSweepsIn: store).map { "best:\($0)" }
    }

    private static func names(ofSweepsIn store: Store) -> [String] {
        ((try? store.sweeps.all().map(\.plan.name)) ?? []).filter(\.isVisible)
    }

    private static func names(ofRunsIn store: Store) -> [String] {
        var request = RunListingRequest()
        request.columns = ["name"]
        let rows = (try? store.runs.list(request) { $0.isAlive }.rows) ?? []
        return rows.compactMap { row in
            if case .text(let name)? = row.first, name.isVisible { name } else { nil }
        }
    }
}
