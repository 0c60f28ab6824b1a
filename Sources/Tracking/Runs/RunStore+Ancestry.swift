import GRDB

/// A fork begins with steps that are stored with the run it is a fork of.
extension RunStore {
    /// Which runs hold a run's steps, from its first start on, and which of them; a parent that was removed holds none.
    package func holders(ofStepsOf run: Run) throws(TrackingError) -> [(run: Int64, steps: Range<Int>)] {
        try file.read { try $0.holders(ofStepsOf: run) }
    }
}

extension Database {
    func holders(ofStepsOf run: Run) throws -> [(run: Int64, steps: Range<Int>)] {
        var holders = [(run: run.id, steps: (run.plan.parentStep ?? 0)..<Int.max)]
        var parent = run.plan.parentRunID
        let statement = try cachedStatement(sql: "SELECT parent_run_id, parent_step FROM runs WHERE id = ?")
        while let id = parent, let row = try Row.fetchOne(statement, arguments: [id]) {
            let (first, end): (Int, Int) = (row[1] ?? 0, holders[0].steps.lowerBound)
            holders.insert((id, min(first, end)..<end), at: 0)
            parent = row[0]
        }
        return holders
    }
}
