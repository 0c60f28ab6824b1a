import GRDB
import TextFormats

/// Names of older releases that mean something else as well: new ones cannot, see `ExperimentRunner.checkName`.
extension RunFinder {
    /// What a word means besides the run or the sweep whose whole name it is.
    struct OtherMeaning {
        /// As it stands in a sentence.
        let meaning: String
        /// How to write it on a command line so that it means nothing else; nil where nothing is there that it could mean.
        let command: String?

        init(_ meaning: String, words: [String]) {
            self.meaning = meaning
            command = words.isEmpty ? nil : words.map(\.quotedForShell).joined(separator: " ")
        }
    }

    /// Refuses a word with a form of its own, such as `best:rates`, that is also a name.
    ///
    /// A number is always an id, and a range one of ids. It makes no difference whether the run is deleted: the second time
    /// the same word would delete others.
    package func mustNotBeName(_ word: String) throws(TrackingError) {
        let reference = RunReference(word)
        switch reference {
        case .id, .range, .other: return
        case .last, .best, .run, .sweep: break
        }
        let run = try anyRun(named: word)
        let isSweep = try store.sweeps.findIfAny(named: word) != nil
        guard run != nil || isSweep, let other = try otherMeaning(of: reference) else { return }
        throw ambiguity(of: word, run: run, isSweep: isSweep, other)
    }

    /// What `SWEEP:FILTER`, a filter or words with commas mean that are also a name; nil if it means nothing else.
    func otherMeaning(ofName text: String, isSweep: Bool) throws(TrackingError) -> OtherMeaning? {
        for place in text.indices.reversed() where text[place] == ":" {
            let name = String(text[..<place])
            let conditions = String(text[text.index(after: place)...])
            guard (try? RunFilter(conditions)) != nil, try store.sweeps.findIfAny(named: name) != nil else { continue }
            // As a sweep the whole name comes first.
            let ofSweep = RunFilter.quoted(name).flatMap { name in
                RunFilter.text(ofAll: ["sweep=\(name)", conditions].filter { !$0.isEmpty })
            }
            let words = isSweep ? ofSweep.map { [$0] } ?? [] : ["sweep:\(text)"]
            return OtherMeaning("runs of the sweep '\(name)'", words: words)
        }
        if let filter = RunReference.filter(text),
            try makesSense({ () throws(TrackingError) in _ = try found(matching: filter) })
        {
            return OtherMeaning("a filter", words: ["(\(text))"])
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, !RunReference.mayBeFilter(text),
            try makesSense({ () throws(TrackingError) in _ = try meaning(of: parts) })
        else { return nil }
        return OtherMeaning("several runs", words: parts)
    }

    /// Whether what is looked for can be; a notebook that cannot be read is another matter.
    private func makesSense(_ look: () throws(TrackingError) -> Void) throws(TrackingError) -> Bool {
        do {
            try look()
            return true
        } catch  where [.notFound, .invalidQuery].contains(error.code) {
            return false
        }
    }

    /// One sentence with how to write each.
    func ambiguity(of word: String, run: Run?, isSweep: Bool, _ other: OtherMeaning) -> TrackingError {
        let names = [run == nil ? nil : "run", isSweep ? "sweep" : nil].compactMap(\.self)
        let words = [other.command].compactMap(\.self) + names.map { "\($0):\(word)".quotedForShell }
        return TrackingError(
            .invalidQuery,
            "'\(word)' may mean \(other.meaning), or the \(names.joined(separator: " or the ")) of this whole name",
            advice: "write \(words.joined(separator: " or "))")
    }

    /// The run of this name, deleted or not.
    func anyRun(named name: String) throws(TrackingError) -> Run? {
        if let run = try run(named: name) { return run }
        return try opposite.run(named: name)
    }

    // MARK: - Internals

    private func otherMeaning(of reference: RunReference) throws(TrackingError) -> OtherMeaning? {
        switch reference {
        case .id, .range, .other: return nil
        case .last:
            let last = try runs(where: "TRUE ORDER BY id DESC LIMIT 1", []).first
            return OtherMeaning("the last run", words: last.map { ["\($0.id)"] } ?? [])
        case .best(let sweep):
            let isThere = try store.sweeps.findIfAny(named: sweep) != nil
            return OtherMeaning(
                "the best run of the sweep '\(sweep)'", words: isThere ? ["best:sweep:\(sweep)"] : [])
        case .run(let name):
            return OtherMeaning("the run '\(name)'", words: try run(named: name).map { ["\($0.id)"] } ?? [])
        case .sweep(let name):
            let isThere = try store.sweeps.findIfAny(named: name) != nil
            // With no conditions behind it.
            return OtherMeaning("the sweep '\(name)'", words: isThere ? ["sweep:\(name):"] : [])
        }
    }
}
