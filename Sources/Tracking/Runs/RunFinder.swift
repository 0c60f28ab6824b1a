import GRDB
import TextFormats

/// Finds the runs that a person means, for every command in the same way.
///
/// A word is an id, a name or its beginning, `last`, `best:SWEEP`, a range `2..5`, a sweep's name or `SWEEP:FILTER` for its
/// runs, a filter, or several of these with commas; `run:NAME` and `sweep:NAME` say which of the two has the name. Words next
/// to each other add up, but conditions next to each other must all hold, as they must within a filter.
package struct RunFinder {
    package let store: Store
    private let settingPaths: [String: String]
    private let settingWords: [String: [String]]
    private let isAlive: (ProcessIdentity) -> Bool?
    private var isOfDeleted = false
    private var toleratesDamage = false

    /// `settingPaths` is that of ``RunListingRequest``, `isAlive` that of ``RunStore/interrupted(isAlive:)``.
    package init(
        _ store: Store, settingPaths: [String: String] = [:], settingWords: [String: [String]] = [:],
        isAlive: @escaping (ProcessIdentity) -> Bool? = { _ in nil }
    ) {
        self.store = store
        self.settingPaths = settingPaths
        self.settingWords = settingWords
        self.isAlive = isAlive
    }

    /// The same among the runs that are deleted, and no others.
    package var ofDeleted: RunFinder {
        var finder = self
        finder.isOfDeleted = true
        return finder
    }

    /// The same finder with deleted and undeleted runs swapped.
    var opposite: RunFinder {
        var finder = self
        finder.isOfDeleted.toggle()
        return finder
    }

    /// The same for whoever compares what is stored, see ``RunStore/toleratingDamage``.
    package var toleratingDamage: RunFinder {
        var finder = self
        finder.toleratesDamage = true
        return finder
    }

    /// The one run that a word means; several are an `invalidQuery`, none is `notFound`.
    package func run(_ word: String) throws(TrackingError) -> Run {
        let meaning = try meaning(of: word, wantsOne: true)
        let runs = try runs(of: meaning)
        guard let first = runs.first, runs.count > 1 else { return try single(runs, word) }
        if case .sweep(let sweep, nil) = meaning {
            let name = sweep.plan.name
            throw TrackingError(
                .invalidQuery, "'\(name)' is a sweep of \(runs.count.counted("run")), and one run is wanted",
                advice: "write \("best:\(name)".quotedForShell) for the best of them")
        }
        throw TrackingError(
            .invalidQuery, "'\(word)' means \(runs.count.counted("run")), and one run is wanted",
            advice: "name one of them, such as \(first.id)")
    }

    /// At least one run, each once, in the order in which they were named.
    package func runs(_ words: [String]) throws(TrackingError) -> [Run] {
        try runs(of: meaning(of: words))
    }

    /// What the words mean; a name that nothing has is `notFound`.
    package func meaning(of words: [String]) throws(TrackingError) -> MeantRuns {
        var meanings: [MeantRuns] = []
        for word in words { meanings.append(try meaning(of: word, wantsOne: false)) }
        if meanings.count == 1 { return meanings[0] }
        var conditions: [String] = []
        for case .matching(let texts) in meanings { conditions += texts }
        let others = meanings.filter { if case .matching = $0 { false } else { true } }
        guard !others.isEmpty else { return .matching(conditions) }
        if !conditions.isEmpty { try mustNotBeSweeps(others, beside: RunFilter.text(ofAll: conditions) ?? "") }
        var known: Set<Int64> = []
        var runs: [Run] = []
        for meaning in conditions.isEmpty ? others : others + [.matching(conditions)] {
            runs += try self.runs(of: meaning).filter { known.insert($0.id).inserted }
        }
        return .runs(runs)
    }

    /// The runs, of which there is at least one; of a sweep in the order of its plan.
    package func runs(of meaning: MeantRuns) throws(TrackingError) -> [Run] {
        switch meaning {
        case .runs(let runs): return runs
        case .sweep(let sweep, let conditions):
            let runs = try self.runs(where: "sweep_id = ? ORDER BY trial_number", [sweep.id])
            let name = sweep.plan.name
            guard !runs.isEmpty else {
                if isOfDeleted { throw TrackingError(.notFound, "no run of the sweep '\(name)' is deleted") }
                throw try TrackingError(noRunsOf: sweep, in: store)
            }
            guard let conditions else { return runs }
            let found = try found(matching: RunFilter(conditions), among: runs)
            let matching = found.among(runs)
            guard !matching.isEmpty else {
                throw TrackingError(
                    .notFound, "no \(kind) of the sweep '\(name)' matches '\(conditions)'\(found.causes)")
            }
            return matching
        case .matching(let conditions):
            var filter = RunFilter.all
            for text in conditions { filter = filter.and(try RunFilter(text)) }
            let found = try found(matching: filter)
            let runs = try self.runs(withIDs: found.ids)
            guard !runs.isEmpty else {
                throw TrackingError(
                    .notFound, "no \(kind) matches '\(conditions.joined(separator: " "))'\(found.causes)")
            }
            return runs
        }
    }

    /// The runs that a filter leaves, of all or of some.
    package func found(matching filter: RunFilter, among runs: [Run]? = nil) throws(TrackingError) -> FoundRuns {
        var request = RunListingRequest()
        request.filter = filter
        request.ids = runs?.map(\.id)
        request.columns = ["id"]
        request.settingPaths = settingPaths
        request.settingWords = settingWords
        request.deleted = isOfDeleted
        let listing = try store.runs.list(request, isAlive: isAlive)
        let ids = listing.rows.compactMap { row -> Int64? in
            if case .integer(let id) = row[0] { id } else { nil }
        }
        return FoundRuns(ids: ids, remarks: listing.remarks)
    }

    /// The runs that are called running although nobody works on them.
    package func interrupted() throws(TrackingError) -> Set<Int64> {
        Set(try store.runs.interrupted(isAlive: isAlive).map(\.id))
    }

    // MARK: - Internals

    private func meaning(of word: String, wantsOne: Bool) throws(TrackingError) -> MeantRuns {
        try mustNotBeName(word)
        switch RunReference(word) {
        case .last:
            guard let run = try runs(where: "TRUE ORDER BY id DESC LIMIT 1", []).first else {
                throw TrackingError(.notFound, "there is no \(kind) in '\(store.path)'\(isOfDeleted ? "" : " yet")")
            }
            return .runs([run])
        case .best(let sweep):
            guard !isOfDeleted else {
                throw TrackingError(
                    .notFound, "'\(word)' is a run that is not deleted",
                    advice: "\(command: "runs", options: [.init("deleted")]) lists those that are")
            }
            return .runs([try store.runs.best(ofSweep: sweep)])
        case .run(let name):
            if let run = try run(named: name) { return .runs([run]) }
            return .runs([try run(withID: Int64(name), name)])
        case .sweep(let text):
            if let found = try sweep(in: text) { return found }
            return .sweep(try store.sweeps.find(named: text), conditions: nil)
        case .id(let id): return .runs([try run(withID: id, word)])
        case .range(let first, let last): return try range(first, last, word)
        case .other(let text): return try meaning(ofName: text, wantsOne: wantsOne)
        }
    }

    private func meaning(ofName text: String, wantsOne: Bool) throws(TrackingError) -> MeantRuns {
        let run = try self.run(named: text)
        let sweep = try store.sweeps.findIfAny(named: text)
        let isSweep = sweep != nil
        if run != nil, isSweep {
            throw TrackingError(
                .invalidQuery, "'\(text)' is a run and a sweep in '\(store.path)'",
                advice: "write \("run:\(text)".quotedForShell) or \("sweep:\(text)".quotedForShell)")
        }
        let holder: Run? = if let run { run } else { try opposite.run(named: text) }
        if holder != nil || isSweep, let other = try otherMeaning(ofName: text, isSweep: isSweep) {
            throw ambiguity(of: text, run: holder, isSweep: isSweep, other)
        }
        if let run { return .runs([run]) }
        if let sweep { return .sweep(sweep, conditions: nil) }
        if let found = try sweepWithConditions(in: text) { return found }
        if RunReference.filter(text) != nil { return .matching([text]) }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        if parts.count > 1, !RunReference.mayBeFilter(text) { return try meaning(of: parts) }
        if let run = try self.run(withNameBeginning: text) { return .runs([run]) }
        if RunReference.mayBeFilter(text) { _ = try RunFilter(text) }
        if let colon = text.firstIndex(of: ":") { _ = try store.sweeps.find(named: String(text[..<colon])) }
        throw try absence(of: text, wantsOne: wantsOne)
    }

    /// A sweep by its name alone, or before a colon with conditions after it; nil for anything else.
    private func sweep(in text: String) throws(TrackingError) -> MeantRuns? {
        if let sweep = try store.sweeps.findIfAny(named: text) { return .sweep(sweep, conditions: nil) }
        return try sweepWithConditions(in: text)
    }

    /// A sweep before a colon with conditions after it; nil for anything else.
    private func sweepWithConditions(in text: String) throws(TrackingError) -> MeantRuns? {
        // A name in a notebook of an older release may hold colons itself.
        for place in text.indices.reversed() where text[place] == ":" {
            guard let sweep = try store.sweeps.findIfAny(named: String(text[..<place])) else { continue }
            let conditions = String(text[text.index(after: place)...])
            return .sweep(sweep, conditions: try RunFilter(conditions) == .all ? nil : conditions)
        }
        // Of a filter the name before the first comparison is a column's.
        guard let colon = text.firstIndex(of: ":"), RunReference.mayBeFilter(text),
            !RunReference.mayBeFilter(String(text[..<colon]))
        else { return nil }
        _ = try store.sweeps.find(named: String(text[..<colon]))
        return nil
    }

    func run(named name: String) throws(TrackingError) -> Run? {
        try runs(where: "name = ?", [name]).first
    }

    /// The run with this id; else, in a notebook of an older release, of a name that is a number.
    private func run(withID id: Int64?, _ word: String) throws(TrackingError) -> Run {
        if let id, let run = try runs(where: "id = ?", [id]).first { return run }
        if let run = try run(named: word) { return run }
        if id == nil, isOfDeleted { try mustBeDeleted(word) }
        if let id, !isOfDeleted { try store.runs.mustNotBeDeleted("id = ?", [id]) }
        throw try absence(of: word, wantsOne: true)
    }

    private func run(withNameBeginning text: String) throws(TrackingError) -> Run? {
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        if isOfDeleted { try mustBeDeleted(text) } else { try store.runs.mustNotBeDeleted("name = ?", [text]) }
        let candidates = try runs(where: "substr(name, 1, length(?)) = ? ORDER BY name", [text, text])
        guard candidates.count > 1 else { return candidates.first }
        let names = candidates.prefix(4).map { "'\($0.plan.name ?? "")'" }.joined(separator: ", ")
        throw TrackingError(
            .notFound,
            "the name of more than one \(kind) begins with '\(text)': \(names)\(candidates.count > 4 ? ", ..." : "")",
            advice: "write more of it")
    }

    /// Refuses the name of a run that is not deleted: no other is meant by it, although its name may begin so.
    private func mustBeDeleted(_ name: String) throws(TrackingError) {
        guard let run = try opposite.run(named: name) else { return }
        throw TrackingError(
            .notFound, "run \(run.id), '\(name)', is not deleted",
            advice: "\(command: "runs", options: [.init("deleted")]) lists those that are")
    }

    private func range(_ first: Int64, _ last: Int64, _ word: String) throws(TrackingError) -> MeantRuns {
        guard first <= last else {
            throw TrackingError(
                .invalidQuery, "the range '\(word)' ends before it begins", advice: "write \(last)..\(first)")
        }
        let runs = try runs(where: "id BETWEEN ? AND ? ORDER BY id", [first, last])
        guard !runs.isEmpty else {
            throw TrackingError(
                .notFound, "there is no \(kind) with an id from \(first) to \(last) in '\(store.path)'", advice: listing
            )
        }
        return .runs(runs)
    }

    private func single(_ runs: [Run], _ word: String) throws(TrackingError) -> Run {
        guard let run = runs.first else { throw try absence(of: word, wantsOne: true) }
        return run
    }

    /// Refuses conditions beside a sweep: one person wants them to narrow it, the other to add to it.
    private func mustNotBeSweeps(_ meanings: [MeantRuns], beside conditions: String) throws(TrackingError) {
        for case .sweep(let sweep, let own) in meanings {
            let name = sweep.plan.name
            let both = "\(name):\(RunFilter.text(ofAll: [own, conditions].compactMap(\.self)) ?? "")"
            throw TrackingError(
                .invalidQuery,
                "'\(name)' beside '\(conditions)' may mean the runs of which both hold, or all of either",
                advice: "write \(both.quotedForShell) for both, or give two commands")
        }
    }

    private func absence(of text: String, wantsOne: Bool) throws(TrackingError) -> TrackingError {
        var names = try store.file.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT name FROM runs WHERE name IS NOT NULL AND (deleted_at IS NOT NULL) = ?",
                arguments: [isOfDeleted])
        }
        if !wantsOne { names += try store.sweeps.all().map(\.plan.name) }
        let isNumber = Int64(text) != nil
        let hint = isNumber ? "" : NearestName.hint(for: text, among: names)
        let what = wantsOne || isNumber ? "no \(kind)" : "neither a sweep nor a \(kind)"
        return TrackingError(
            .notFound, "there is \(what) '\(text)' in '\(store.path)'\(hint)", advice: hint.isEmpty ? listing : nil)
    }

    private var kind: String { isOfDeleted ? "deleted run" : "run" }

    private var listing: MessageText {
        isOfDeleted
            ? "\(command: "runs", options: [.init("deleted")]) lists them" : "\(command: "runs") lists what there is"
    }

    private func runs(withIDs ids: [Int64]) throws(TrackingError) -> [Run] {
        try runs(where: "id IN (SELECT value FROM json_each(?)) ORDER BY id", [JSONList.text(ids)])
    }

    func runs(where condition: String, _ arguments: StatementArguments) throws(TrackingError) -> [Run] {
        try store.file.read {
            try $0.runs(where: condition, arguments, deleted: isOfDeleted, toleratingDamage: toleratesDamage)
        }
    }
}

/// What a person's words mean in a notebook.
package enum MeantRuns: Sendable {
    /// Named one by one, or by the first and the last of their ids.
    case runs([Run])
    /// A sweep's, those that match conditions if there are any.
    case sweep(Sweep, conditions: String?)
    /// All of the notebook of which all of these conditions hold.
    case matching([String])
}

extension TrackingError {
    /// That a sweep has no runs to be seen, and where they are.
    package init(noRunsOf sweep: Sweep, in store: Store) throws(TrackingError) {
        let name = sweep.plan.name
        guard try store.sweeps.deletedRunCount(ofSweep: sweep.id) > 0 else {
            self.init(.notFound, "the sweep '\(name)' has no runs")
            return
        }
        self.init(
            .notFound, "all runs of the sweep '\(name)' are deleted",
            advice: "\(command: "restore", options: [.init("sweep", name)]) brings them back")
    }
}

/// The runs that a filter leaves.
package struct FoundRuns: Sendable {
    /// In ascending order.
    package let ids: [Int64]
    /// What the filter names and no run of the notebook has.
    package let remarks: [String]

    /// The remarks as the end of a sentence that there is no run.
    package var causes: String { remarks.map { ": \($0)" }.joined() }

    /// Those of these runs that are among them, in the order of these.
    package func among(_ runs: [Run]) -> [Run] {
        let ids = Set(ids)
        return runs.filter { ids.contains($0.id) }
    }
}
