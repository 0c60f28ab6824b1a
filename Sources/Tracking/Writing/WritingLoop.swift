import Foundation
import GRDB

/// The writing thread: one transaction after another until the buffer is closed and empty.
struct WritingLoop {
    let file: DatabaseFile
    let buffer: StepBuffer
    /// Seconds after which a writer that has nothing to write looks whether its file is still there.
    private static let longestPause = 0.5

    func run() {
        var throttle = LockThrottle()
        // Three heartbeats per lease: two may come late.
        let interval = file.lease / 3
        var nextRenewal = Date(timeIntervalSinceNow: interval)
        var texts: [String: StepInsertion.Text] = [:]
        while let transaction = buffer.nextTransaction(
            before: min(nextRenewal, Date(timeIntervalSinceNow: Self.longestPause)))
        {
            let isRenewal = nextRenewal <= Date()
            if isRenewal { nextRenewal = Date(timeIntervalSinceNow: interval) }
            throttle.yieldIfLong()
            let began = ContinuousClock.now
            do throws(TrackingError) {
                if transaction.isIdle && !isRenewal {
                    try file.mustBeInPlace()
                } else {
                    try write(transaction, isRenewal: isRenewal, texts: &texts)
                }
                throttle.released()
                buffer.didCommit(transaction, seconds: (ContinuousClock.now - began) / .seconds(1))
            } catch {
                buffer.fail(error)
                return
            }
        }
    }

    private func write(
        _ transaction: StepBuffer.Transaction, isRenewal: Bool, texts: inout [String: StepInsertion.Text]
    ) throws(TrackingError) {
        let renewed = isRenewal ? buffer.runningAttempts : []
        try file.write { database in
            let refused = try TransactionRows(transaction.batches, in: database).insert(texts: &texts) {
                while let command = buffer.nextUrgent() {
                    try command(database)
                }
            }
            buffer.supersede(refused)
            for command in transaction.commands {
                try command(database)
            }
            try database.renew(Lease(now: file.now(), seconds: file.lease), of: renewed)
        }
    }
}

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
    /// `texts` keeps the statements of each table for the next transaction. `betweenBatches` is called at least once.
    func insert(
        texts: inout [String: StepInsertion.Text], betweenBatches: () throws -> Void
    ) throws -> Set<RunAttempt> {
        var refused: Set<RunAttempt> = []
        try betweenBatches()
        // Neighbors in the table are also neighbors here, whichever thread was quicker.
        let order = batches.indices.sorted { (batches[$0].attempt.run, $0) < (batches[$1].attempt.run, $1) }
        var insertions: [String: StepInsertion] = [:]
        for index in order {
            let batch = batches[index]
            guard try database.isCurrent(batch.attempt) else {
                refused.insert(batch.attempt)
                continue
            }
            let table = batch.schema.table
            // Out of the dictionary while it is changed, so that nothing is copied.
            var insertion =
                try insertions.removeValue(forKey: table)
                ?? makeInsertion(into: batch.schema, texts: &texts)
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

    private func makeInsertion(
        into schema: StepSchema, texts: inout [String: StepInsertion.Text]
    ) throws -> StepInsertion {
        let text = texts[schema.table] ?? StepInsertion.Text(schema)
        texts[schema.table] = text
        return try StepInsertion(schema, text: text, in: database)
    }
}

/// Lets other processes have the file's lock now and then.
///
/// SQLite has no queue for it: a writer that takes the lock again as soon as it has released it keeps everybody else
/// out. (Measured without this: of four sweeps into one file, the fourth began when the third was done.)
struct LockThrottle {
    private static let longest = Duration.milliseconds(50)
    private static let pause = 0.001

    private var began = ContinuousClock.now
    private var lastRelease = ContinuousClock.now

    /// To be called before each transaction: pauses if the last pause is long ago.
    mutating func yieldIfLong() {
        let now = ContinuousClock.now
        if now - lastRelease >= .seconds(Self.pause) {
            began = now
        } else if now - began >= Self.longest {
            Thread.sleep(forTimeInterval: Self.pause)
            began = .now
        }
    }

    /// To be called after each transaction.
    mutating func released() {
        lastRelease = .now
    }
}
