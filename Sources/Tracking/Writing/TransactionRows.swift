import GRDB

/// The rows of one transaction on their way into the step tables.
struct TransactionRows {
    private let database: Database
    private let batches: [StepBatch]

    init(_ batches: [StepBatch], in database: Database) {
        self.database = database
        self.batches = batches
    }

    /// Inserts the rows, each batch only if its attempt is still the run's own, and returns the attempts that are not.
    ///
    /// Of ten rows the tenth comes after all others. Appending in order, SQLite leaves each page of a WITHOUT ROWID
    /// table seven eighths full when it moves on to the next; the late rows fill them up (measured: 73 instead of 81
    /// bytes a step, in the same time).
    ///
    /// `betweenBatches` is called at least once.
    func insert(betweenBatches: () throws -> Void) throws -> Set<RunAttempt> {
        var refused: Set<RunAttempt> = []
        try betweenBatches()
        // Neighbors in the table are also neighbors here, whichever thread was quicker.
        let order = batches.indices.sorted { (batches[$0].attempt.run, $0) < (batches[$1].attempt.run, $1) }
        var insertions: [String: StepInsertion] = [:]
        for index in order {
            let batch = batches[index]
            guard try isCurrent(batch.attempt) else {
                refused.insert(batch.attempt)
                continue
            }
            let table = batch.schema.table
            // Out of the dictionary while it is changed, so that nothing is copied.
            var insertion = try insertions.removeValue(forKey: table) ?? StepInsertion(batch.schema, in: database)
            try insertion.insert(batches, at: [index]) { $0 % 10 != 9 }
            insertions[table] = insertion
            try betweenBatches()
        }
        let current = order.filter { !refused.contains(batches[$0].attempt) }
        for (table, insertion) in insertions.sorted(by: { $0.key < $1.key }) {
            var insertion = insertion
            let own = current.filter { batches[$0].schema.table == table }
            try insertion.insert(batches, at: own) { $0 % 10 == 9 }
            try insertion.finish(batches)
        }
        return refused
    }

    private func isCurrent(_ attempt: RunAttempt) throws -> Bool {
        let current = try Int.fetchOne(
            database.cachedStatement(sql: "SELECT attempt FROM runs WHERE id = ? AND state = 'running'"),
            arguments: [attempt.run])
        return current == attempt.number
    }
}
