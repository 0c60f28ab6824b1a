import GRDB

extension Store {
    /// The run that a person means: `7` (its id), `last`, `best:SWEEP` (the lowest final loss among the sweep's runs that
    /// are done), a name, or the beginning of a name that no other run's name has.
    ///
    /// What means no run, or more than one, is `notFound`, with the names that are near.
    package func run(meantBy reference: String) throws(TrackingError) -> StoredRun {
        if reference == "last" {
            guard let run = try lastRun() else { throw TrackingError(.notFound, "there is no run in '\(path)' yet") }
            return run
        }
        if reference.hasPrefix("best:") { return try bestRun(ofSweep: String(reference.dropFirst(5))) }
        if let id = Int64(reference), let run = try runs(matching: "id = ?", [id]).first { return run }
        if let run = try runs(matching: "name = ?", [reference]).first { return run }
        if let id = Int64(reference) { try mustNotBeDeleted("id = ?", [id]) }
        if reference.isEmpty || Int64(reference) != nil {
            throw TrackingError(.notFound, "there is no run '\(reference)' in '\(path)'; `gradbook runs` lists them")
        }
        let candidates = try runs(matching: "substr(name, 1, length(?)) = ? ORDER BY name", [reference, reference])
        guard candidates.count <= 1 else {
            let names = candidates.prefix(4).map { "'\($0.plan.name ?? "")'" }.joined(separator: ", ")
            throw TrackingError(
                .notFound,
                "the name of more than one run begins with '\(reference)': \(names)\(candidates.count > 4 ? ", ..." : ""); "
                    + "write more of it")
        }
        if let run = candidates.first { return run }
        return try run(named: reference)
    }

    // MARK: - Internals

    private func bestRun(ofSweep name: String) throws(TrackingError) -> StoredRun {
        let sweep = try sweep(named: name)
        let best = try runs(
            matching:
                "sweep_id = ? AND state = 'done' AND final_loss IS NOT NULL ORDER BY final_loss, trial_number LIMIT 1",
            [sweep.id])
        guard let run = best.first else {
            throw TrackingError(.notFound, "no run of the sweep '\(name)' is done, so none is the best")
        }
        return run
    }

    private func runs(matching condition: String, _ arguments: StatementArguments) throws(TrackingError) -> [StoredRun]
    {
        try read { try $0.runs(where: condition, arguments) }
    }
}
