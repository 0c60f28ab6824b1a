import GRDB

/// A fork begins with steps that are stored with the run it is a fork of.
extension RunStore {
    /// Which runs hold a run's steps, from its first start on, and which of them; a parent that was removed holds none.
    package func holders(ofStepsOf run: Run) throws(TrackingError) -> [(run: Int64, steps: Range<Int>)] {
        try file.read { try $0.holders(ofStepsOf: run) }
    }
}

extension Database {
    /// A configuration holds all its ancestors, and no text of one is long enough for more.
    private static let largestAncestry = 10_000

    func holders(ofStepsOf run: Run) throws -> [(run: Int64, steps: Range<Int>)] {
        var holders = [(run: run.id, steps: (run.plan.parentStep ?? 0)..<Int.max)]
        var parent = run.plan.parentRunID
        let statement = try cachedStatement(sql: "SELECT id, parent_run_id, parent_step FROM runs WHERE id = ?")
        while let id = parent, let found = try Row.fetchOne(statement, arguments: [id]) {
            guard holders.count <= Self.largestAncestry else {
                throw TrackingError(damaged: self, "run \(run.id) descends from itself through parent_run_id")
            }
            let row = StoredRow(found, of: "the parent of run", in: self)
            let (first, end) = (try row.optionalCount("parent_step") ?? 0, holders[0].steps.lowerBound)
            holders.insert((id, min(first, end)..<end), at: 0)
            parent = try row.optional("parent_run_id")
        }
        return holders
    }
}
