import Foundation
import GRDB

/// What waits between the training threads and the writing thread, bounded by the time that writing it takes.
final class StepBuffer: @unchecked Sendable {
    /// Something to do inside a transaction.
    typealias Command = @Sendable (Database) throws -> Void

    /// What one transaction writes: first the rows, then the commands, both in the order they were handed over.
    struct Transaction {
        var batches: [StepBatch] = []
        var commands: [Command] = []
        fileprivate var rowCount = 0
        fileprivate var workCount = 0
        /// Nothing is to be written: only time went by.
        var isIdle = false
    }

    struct Limits: Sendable {
        /// A transaction begins when so many rows wait, or after `delay`, or when somebody waits for an answer.
        let batch: Int
        /// It takes no more work after so many rows.
        let transaction: Int
        /// No more rows wait.
        let capacity: Int
        /// Seconds: with the 25 ms for which a recorder gathers rows, and the time of writing, less than 100 ms.
        let delay: TimeInterval

        static let batches = Limits(batch: 4096, transaction: 16_384, capacity: 32_768, delay: 0.025)
        static let eachRow = Limits(batch: 1, transaction: 1, capacity: 32_768, delay: 0)

        /// Seconds of writing that wait at most, and that one transaction takes: with as many threads as cores, and more
        /// so with other programs beside them, the writing thread is slower than it could be, and what waits is what a
        /// kill loses.
        private static let waitingTime = 0.02
        private static let transactionTime = 0.01

        /// The limits of a writer that writes so many rows in a second.
        func adapted(toRowsPerSecond rate: Double) -> (transaction: Int, capacity: Int) {
            (
                min(transaction, max(1024, Int(rate * Self.transactionTime))),
                min(capacity, max(1024, Int(rate * Self.waitingTime)))
            )
        }
    }

    private enum Work {
        case batch(StepBatch)
        case command(Command)
    }

    // The invariant that makes this Sendable: everything mutable is read and written only while `condition` is locked.
    private let condition = NSCondition()
    private let limits: Limits
    private var waiting: [Work] = []
    private var waitingRows = 0
    /// The rows of each attempt among them: every run has its share of what may wait, so that none waits for all others.
    private var waitingRowsOfAttempt: [RunAttempt: Int] = [:]
    /// How many rows the writing thread wrote in a second lately, its waiting for the file's lock included.
    private var rowsPerSecond = 300_000.0
    /// Commands whose callers wait for an answer.
    private var urgent: [Command] = []
    /// Pieces of work ever accepted into `waiting`, and how many of those are committed.
    private var accepted = 0
    private var committed = 0
    /// Attempts whose rows may still come, and those that are not wanted any more.
    private var running: Set<RunAttempt> = []
    private var superseded: Set<RunAttempt> = []
    private var isFlushing = false
    private var isClosed = false
    private var error: TrackingError?

    init(limits: Limits) {
        self.limits = limits
    }

    // MARK: - Training threads

    /// Keeps an attempt alive, which rows are going to come from.
    func begin(_ attempt: RunAttempt) {
        condition.withLock {
            running.insert(attempt)
            condition.broadcast()
        }
    }

    func append(_ batch: StepBatch) throws(TrackingError) {
        try append(.batch(batch), of: batch.attempt, rowCount: batch.headers.count)
    }

    /// Takes the last thing that is written of an attempt.
    func end(_ attempt: RunAttempt, with command: @escaping Command) throws(TrackingError) {
        try append(.command(command), of: attempt, rowCount: 0)
        condition.withLock { _ = running.remove(attempt) }
    }

    /// Throws if something of the attempt was refused because the run is another's now.
    func mustBeCurrent(_ attempt: RunAttempt) throws(TrackingError) {
        let isSuperseded = condition.withLock { superseded.contains(attempt) }
        if isSuperseded { throw TrackingError.superseded(attempt) }
    }

    /// Has the writing thread run `body` at its next opportunity; what `body` returns is for ``wait(for:)``.
    func request<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) throws(TrackingError) -> Promise<Value> {
        let answer = Promise<Value>()
        condition.lock()
        defer { condition.unlock() }
        try mustAccept()
        urgent.append { [condition] database in
            let value = try body(database)
            condition.withLock {
                answer.value = value
                condition.broadcast()
            }
        }
        condition.broadcast()
        return answer
    }

    /// Returns the answer to a request as soon as it is there.
    ///
    /// It comes before the commit: whatever the caller does with it is written later, by the same thread.
    func wait<Value: Sendable>(for answer: Promise<Value>) throws(TrackingError) -> Value {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let value = answer.value { return value }
            if let error { throw error }
            condition.wait()
        }
    }

    /// Returns when all that was handed over before is committed.
    func flush() throws(TrackingError) {
        condition.lock()
        defer { condition.unlock() }
        let goal = accepted
        while committed < goal && error == nil {
            isFlushing = true
            condition.broadcast()
            condition.wait()
        }
        if let error { throw error }
    }

    /// Ends the writing thread once nothing waits.
    func close() {
        condition.withLock {
            isClosed = true
            condition.broadcast()
        }
    }

    // MARK: - The writing thread

    /// Waits until a transaction is due; nil when the buffer is closed and empty, an idle one when `moment` has come
    /// while attempts are running.
    func nextTransaction(before moment: Date) -> Transaction? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty && urgent.isEmpty {
            if isClosed { return nil }
            if running.isEmpty {
                condition.wait()
            } else if !condition.wait(until: moment) {
                return Transaction(isIdle: true)
            }
        }
        let deadline = Date(timeIntervalSinceNow: limits.delay)
        while urgent.isEmpty && !isFlushing && !isClosed && waitingRows < limits.batch {
            if !condition.wait(until: deadline) { break }
        }
        isFlushing = false
        return takeTransaction()
    }

    /// The next command whose caller waits for an answer, to be run in the open transaction.
    func nextUrgent() -> Command? {
        condition.withLock { urgent.isEmpty ? nil : urgent.removeFirst() }
    }

    /// The attempts whose leases are to be renewed.
    var runningAttempts: Set<RunAttempt> {
        condition.withLock { running }
    }

    /// Has every later call of these attempts fail: their runs are others' now.
    func supersede(_ attempts: Set<RunAttempt>) {
        condition.withLock {
            superseded.formUnion(attempts)
            running.subtract(attempts)
        }
    }

    /// `seconds` is how long it took from when it was taken.
    func didCommit(_ transaction: Transaction, seconds: Double) {
        condition.withLock {
            committed += transaction.workCount
            // A few rows say more of the commit than of the rows.
            if transaction.rowCount >= 1024, seconds > 0 {
                rowsPerSecond += (Double(transaction.rowCount) / seconds - rowsPerSecond) / 4
            }
            condition.broadcast()
        }
    }

    func fail(_ error: TrackingError) {
        condition.withLock {
            self.error = error
            waiting.removeAll()
            waitingRowsOfAttempt.removeAll()
            urgent.removeAll()
            condition.broadcast()
        }
    }

    // MARK: - Internals

    private func append(_ work: Work, of attempt: RunAttempt, rowCount: Int) throws(TrackingError) {
        condition.lock()
        defer { condition.unlock() }
        while isFull(for: attempt) && error == nil {
            condition.wait()
        }
        try mustAccept()
        if superseded.contains(attempt) { throw TrackingError.superseded(attempt) }
        waiting.append(work)
        waitingRows += rowCount
        waitingRowsOfAttempt[attempt, default: 0] += rowCount
        accepted += 1
        if waiting.count == 1 || waitingRows >= limits.batch { condition.broadcast() }
    }

    private func isFull(for attempt: RunAttempt) -> Bool {
        let capacity = limits.adapted(toRowsPerSecond: rowsPerSecond).capacity
        return waitingRowsOfAttempt[attempt, default: 0] >= capacity / max(1, running.count)
    }

    private func takeTransaction() -> Transaction {
        var transaction = Transaction()
        let limit = limits.adapted(toRowsPerSecond: rowsPerSecond).transaction
        for work in waiting {
            if transaction.rowCount >= limit { break }
            transaction.workCount += 1
            switch work {
            case .batch(let batch):
                transaction.batches.append(batch)
                transaction.rowCount += batch.headers.count
                waitingRowsOfAttempt[batch.attempt, default: 0] -= batch.headers.count
            case .command(let command):
                transaction.commands.append(command)
            }
        }
        waiting.removeFirst(transaction.workCount)
        waitingRows -= transaction.rowCount
        waitingRowsOfAttempt = waitingRowsOfAttempt.filter { $0.value > 0 }
        condition.broadcast()
        return transaction
    }

    private func mustAccept() throws(TrackingError) {
        if let error { throw error }
        precondition(!isClosed, "the step writer is closed")
    }
}

/// Where the writing thread leaves a value for the thread that requested it.
///
/// The invariant that makes this Sendable: `value` is read and written only while the buffer's condition is locked.
final class Promise<Value: Sendable>: @unchecked Sendable {
    fileprivate var value: Value?
}
