import GRDB
import Statistics
import TextFormats
import Theory

extension RunStore {
    /// Those that are done and yet ended worse than they began, as `Instability` has it.
    ///
    /// A fork counts from its parent's first step. Reads the last tenth of the steps.
    package func unstable(among runs: [Run]) throws(TrackingError) -> Set<Int64> {
        let done = runs.filter { $0.state == .done }
        return done.isEmpty ? [] : try file.read { try $0.unstable(among: done) }
    }

    /// The same of all runs, hidden ones or the others.
    func unstable(deleted: Bool) throws(TrackingError) -> Set<Int64> {
        try file.read { try $0.unstable(among: $0.runs(where: "state = 'done'", [], deleted: deleted)) }
    }
}

extension Database {
    fileprivate func unstable(among done: [Run]) throws -> Set<Int64> {
        var targets: [Int64: [Double]] = [:]
        let unstable = try done.filter { run in
            guard let data = run.plan.datasetID else { return false }
            let y = try targets[data] ?? self.targets(ofDataset: data)
            targets[data] = y
            return try isUnstable(run, targets: y)
        }
        return Set(unstable.map(\.id))
    }

    fileprivate func isUnstable(_ run: Run, targets: [Double]) throws -> Bool {
        guard let place = run.plan.stepSchema.index(of: .loss) else { return false }
        let column = run.plan.stepSchema.columns[place].name.sqlIdentifier
        let rows = "SELECT \(column) FROM \(run.plan.stepSchema.quotedTable) WHERE run_id = ?"
        let count = Instability.lateCount(of: run.stepsDone - (run.plan.parentStep ?? 0))
        let late = try (Double?).fetchAll(
            cachedStatement(sql: "\(rows) ORDER BY step DESC LIMIT ?"), arguments: [run.id, count])
        let first = try holders(ofStepsOf: run)[0].run
        let recorded = try Double.fetchOne(
            cachedStatement(sql: "SELECT initial_loss FROM runs WHERE id = ?"), arguments: [first])
        // Version 0.1.0 recorded none; what comes nearest is the first batch's.
        let initial =
            try recorded
            ?? Double.fetchOne(cachedStatement(sql: "\(rows) ORDER BY step LIMIT 1"), arguments: [first])
        return Instability.isUnstable(
            lateLosses: late.map { $0 ?? .nan }, initialLoss: initial ?? .nan,
            constantLoss: LossKind(rawValue: run.plan.loss)?.constantLoss(of: targets))
    }

    fileprivate func targets(ofDataset dataset: Int64) throws -> [Double] {
        try Double.fetchAll(
            cachedStatement(sql: "SELECT y FROM dataset_rows WHERE dataset_id = ? AND y IS NOT NULL ORDER BY position"),
            arguments: [dataset])
    }
}
