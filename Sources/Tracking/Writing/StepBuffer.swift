import Foundation
import GRDB
import Synchronization

/// What waits between the training threads and the writing thread, bounded in rows.
final class StepBuffer: @unchecked Sendable {
    /// One thing to do inside a transaction.
    enum Work: Sendable {
        case rows([QuadraticStep], run: Int64, attempt: Int)
        case command(@Sendable (Database) throws -> Void)

        var rowCount: Int {
            if case .rows(let rows, _, _) = self { rows.count } else { 0 }
        }
    }

    struct Limits: Sendable {
        /// A transaction begins when so many rows wait, or after `delay`, or when somebody waits for an answer.
        let batch: Int
        /// It ends at the first piece of work after so many rows, or when nothing waits.
        let transaction: Int
        /// `append` waits while more rows than this wait.
        let capacity: Int
        /// Seconds.
        let delay: TimeInterval

        static let batches = Limits(batch: 4096, transaction: 16_384, capacity: 65_536, delay: 0.1)
        static let eachRow = Limits(batch: 1, transaction: 1, capacity: 65_536, delay: 0)
    }

    // The invariant that makes this Sendable: everything mutable is read and written only while `condition` is locked.
    private let condition = NSCondition()
    private let limits: Limits
    private var waiting: [Work] = []
    private var head = 0
    private var ahead: [Work] = []
    private var waitingRows = 0
    private var rowsInTransaction = 0
    /// Pieces of work accepted into and taken out of `waiting`, and how many of those are committed.
    private var accepted = 0
    private var taken = 0
    private var committed = 0
    private var isUrgent = false
    private var isClosed = false
    private var error: TrackingError?

    init(limits: Limits) {
        self.limits = limits
    }

    // MARK: - Training threads

    func append(_ work: Work) throws(TrackingError) {
        condition.lock()
        defer { condition.unlock() }
        while waitingRows >= limits.capacity && error == nil {
            condition.wait()
        }
        try mustAccept()
        waiting.append(work)
        accepted += 1
        waitingRows += work.rowCount
        if accepted - taken == 1 || waitingRows >= limits.batch { condition.broadcast() }
    }

    /// Has the writing thread run `body` at its next opportunity, and returns what `body` returned.
    ///
    /// The answer comes before the commit: whatever the caller does with it is written later, by the same thread.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) throws(TrackingError) -> Value {
        let answer = Answer<Value>()
        condition.lock()
        defer { condition.unlock() }
        try mustAccept()
        ahead.append(
            .command { [self] database in
                let value = try body(database)
                answer.value.withLock { $0 = value }
                condition.lock()
                condition.broadcast()
                condition.unlock()
            })
        isUrgent = true
        condition.broadcast()
        while true {
            if let value = answer.value.withLock({ $0 }) { return value }
            if let error { throw error }
            condition.wait()
        }
    }

    func flush() throws(TrackingError) {
        condition.lock()
        defer { condition.unlock() }
        let goal = accepted
        while committed < goal && error == nil {
            isUrgent = true
            condition.broadcast()
            condition.wait()
        }
        if let error { throw error }
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    // MARK: - The writing thread

    /// Waits until a transaction is due; false when the buffer is closed and empty.
    func waitForBatch() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while isEmpty {
            if isClosed { return false }
            condition.wait()
        }
        let deadline = Date(timeIntervalSinceNow: limits.delay)
        while !isUrgent && !isClosed && waitingRows < limits.batch {
            if !condition.wait(until: deadline) { break }
        }
        isUrgent = false
        rowsInTransaction = 0
        return true
    }

    /// The next piece of work for the open transaction; nil when it should be committed.
    func next() -> Work? {
        condition.lock()
        defer { condition.unlock() }
        if !ahead.isEmpty { return ahead.removeFirst() }
        guard head < waiting.count, rowsInTransaction < limits.transaction else { return nil }
        let work = waiting[head]
        head += 1
        taken += 1
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        }
        rowsInTransaction += work.rowCount
        let wasFull = waitingRows >= limits.capacity
        waitingRows -= work.rowCount
        if wasFull && waitingRows < limits.capacity { condition.broadcast() }
        return work
    }

    func didCommit() {
        condition.lock()
        committed = taken
        condition.broadcast()
        condition.unlock()
    }

    func fail(_ error: TrackingError) {
        condition.lock()
        self.error = error
        waiting.removeAll()
        ahead.removeAll()
        condition.broadcast()
        condition.unlock()
    }

    // MARK: - Internals

    private var isEmpty: Bool { ahead.isEmpty && head == waiting.count }

    private func mustAccept() throws(TrackingError) {
        if let error { throw error }
        precondition(!isClosed, "the step writer is closed")
    }
}

/// Where the writing thread leaves a value for the thread that asked for it.
private final class Answer<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
