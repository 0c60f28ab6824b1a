import Foundation
import GRDB

/// The writing thread: one transaction after another until the buffer is closed and empty.
struct WritingLoop {
    let store: Store
    let buffer: StepBuffer

    func run() {
        var throttle = LockThrottle()
        // Three heartbeats per lease: two may come late.
        let interval = store.lease / 3
        var nextRenewal = Date(timeIntervalSinceNow: interval)
        while let transaction = buffer.nextTransaction(before: nextRenewal) {
            let isRenewal = nextRenewal <= Date()
            if isRenewal { nextRenewal = Date(timeIntervalSinceNow: interval) }
            throttle.yieldIfLong()
            do throws(TrackingError) {
                try write(transaction, isRenewal: isRenewal)
                throttle.released()
                buffer.didCommit(transaction)
            } catch {
                buffer.fail(error)
                return
            }
        }
    }

    private func write(_ transaction: StepBuffer.Transaction, isRenewal: Bool) throws(TrackingError) {
        let renewed = isRenewal ? buffer.runningAttempts : []
        try store.write { database in
            let refused = try TransactionRows(transaction.batches, in: database).insert {
                while let command = buffer.nextUrgent() {
                    try command(database)
                }
            }
            buffer.supersede(refused)
            for command in transaction.commands {
                try command(database)
            }
            try database.renew(Lease(now: store.now(), seconds: store.lease), of: renewed)
        }
    }
}
