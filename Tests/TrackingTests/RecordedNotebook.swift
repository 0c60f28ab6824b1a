import TextFormats
import Tracking

/// A notebook of recorded runs, which tests fill as a recorder does.
struct RecordedNotebook {
    let notebook: Notebook
    let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
    }

    /// A run that logged these numbers and is done; each step has a value under each key.
    @discardableResult
    func add(
        settings: [(String, JSONValue)] = [], command: [String] = [],
        steps: [(step: Int64, values: [(String, MetricValue)])] = [], state: RunState? = .done
    ) throws -> Run {
        var configuration = RecordedConfiguration(command: command)
        _ = configuration.set(settings.map { JSONValue.Member(name: $0.0, value: $0.1) })
        let identity = String(repeating: "0", count: 24) + String(try store.runs.all().count + 10_000_000)
        let run = try store.recorded.start(
            NewRecordedRun(identity: identity, configuration: configuration), as: .sample())
        var changes = RecordedChanges()
        for (step, values) in steps {
            changes.metrics.add(values.map(\.1), shape: changes.metrics.addShape(values.map(\.0)), step: step)
        }
        var known = KnownMetrics()
        try store.recorded.write(changes, to: run.currentAttempt, known: &known)
        if let state {
            try store.recorded.finish(
                run.currentAttempt, state: state, reason: nil, output: [],
                usage: ProcessUsage(exitCode: 0, wallSeconds: 2))
        }
        return try store.runs.find(id: run.id)
    }

    func list(_ filter: String = "", columns: [String]? = nil, sort: [String] = []) throws -> RunListing {
        var request = RunListingRequest()
        request.filter = try RunFilter(filter)
        request.columns = columns
        request.sort = sort
        return try store.runs.list(request) { _ in true }
    }

    func ids(_ filter: String, sort: [String] = []) throws -> [Int64] {
        try list(filter, columns: ["id"], sort: sort).rows.map {
            if case .integer(let id) = $0[0] { id } else { -1 }
        }
    }
}
