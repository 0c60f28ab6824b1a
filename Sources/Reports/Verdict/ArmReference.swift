import TextFormats
import Tracking

/// The runs that a person means by one side of a comparison.
///
/// `best:SWEEP`, a sweep's name, `SWEEP:FILTER` (also with an empty filter), or runs: ids, ranges `2..5`, names and
/// `last`, with commas. A name that a sweep and a run share means the sweep.
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
    init(_ text: String, selection: RunFilter = .all, in notebook: ListedRuns) throws {
        self.text = text
        let store = notebook.store
        var filter = selection
        isBest = text.hasPrefix("best:")
        if isBest {
            sweep = try store.sweeps.find(named: String(text.dropFirst("best:".count)))
        } else if let (found, condition) = try Self.sweep(in: text, store) {
            sweep = found
            filter = try filter.and(RunFilter(condition))
        } else {
            sweep = nil
        }
        let all = try sweep.map { try store.runs.all(ofSweep: $0.id) } ?? Self.runs(text, in: store)
        let ids = filter == .all ? nil : try notebook.ids(matching: filter)
        runs = all.filter { ids?.contains($0.id) ?? true }
        guard !runs.isEmpty else {
            throw ReportError(
                .nothingToReport,
                all.isEmpty ? "the sweep '\(text)' has no runs" : "no run of '\(text)' matches the filter",
                advice: "\(command: "runs") lists what there is")
        }
    }

    /// A sweep by its name alone, or before a colon with conditions after it; nil for anything else.
    private static func sweep(in text: String, _ store: Store) throws -> (Sweep, condition: String)? {
        if let sweep = try store.sweeps.findIfAny(named: text) { return (sweep, "") }
        // A name may hold colons itself.
        for place in text.indices.reversed() where text[place] == ":" {
            guard let sweep = try store.sweeps.findIfAny(named: String(text[..<place])) else { continue }
            return (sweep, String(text[text.index(after: place)...]))
        }
        guard let colon = text.firstIndex(of: ":") else { return nil }
        _ = try store.sweeps.find(named: String(text[..<colon]))
        return nil
    }

    private static func runs(_ text: String, in store: Store) throws -> [Run] {
        var known: Set<Int64> = []
        var runs: [Run] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            let found = try range(part).map { try store.runs.find(ids: Array($0)) } ?? [run(part, of: text, in: store)]
            runs += found.filter { known.insert($0.id).inserted }
        }
        return runs
    }

    private static func run(_ part: String, of text: String, in store: Store) throws -> Run {
        do {
            return try store.runs.find(meantBy: part)
        } catch {
            guard error.code == .notFound, part == text, Int64(text) == nil, text != "last" else { throw error }
            let names = try store.sweeps.all().map(\.plan.name)
            throw TrackingError(
                .notFound,
                "there is neither a sweep nor a run '\(text)' in '\(store.path)'\(NearestName.hint(for: text, among: names))",
                advice: "\(command: "runs") lists what there is")
        }
    }

    /// `2..5`.
    private static func range(_ text: String) -> ClosedRange<Int64>? {
        guard let dots = text.firstRange(of: ".."), let first = Int64(text[..<dots.lowerBound]),
            let last = Int64(text[dots.upperBound...]), first <= last, last - first < 1_000_000
        else { return nil }
        return first...last
    }
}

/// A notebook's runs as listings find them.
struct ListedRuns {
    let store: Store
    /// Further names of settings, see ``Tracking/RunListingRequest``.
    let settingPaths: [String: String]
    let isAlive: (ProcessIdentity) -> Bool?

    func ids(matching filter: RunFilter) throws -> Set<Int64> {
        var request = RunListingRequest()
        request.filter = filter
        request.columns = ["id"]
        request.settingPaths = settingPaths
        return Set(
            try store.runs.list(request, isAlive: isAlive).rows.compactMap { row in
                if case .integer(let id) = row[0] { id } else { nil }
            })
    }

    /// The runs that are called running although nobody works on them.
    func interrupted() throws -> Set<Int64> { Set(try store.runs.interrupted(isAlive: isAlive).map(\.id)) }
}
