import GRDB
import TextFormats

/// What a worker can expect of a sweep's queue.
package enum SweepQueue: Sendable, Equatable {
    /// A run can be claimed.
    case ready
    /// Every run that has not ended is another process's.
    case elsewhere
    /// Nothing can be claimed any more, because all runs have ended or the sweep is not open.
    case empty
}

extension SweepStore {
    /// Whether `caller` can claim a run of the sweep now, or later.
    package func queue(ofSweep sweep: Int64, caller: ProcessIdentity) throws(TrackingError) -> SweepQueue {
        try file.read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT state IS 'open',
                            EXISTS (SELECT 1 FROM runs WHERE sweep_id = sweeps.id AND state = 'queued' AND deleted_at IS NULL),
                            EXISTS (
                                SELECT 1 FROM runs WHERE sweep_id = sweeps.id AND state = 'running' AND deleted_at IS NULL
                                    AND (host, pid, process_started, boot_id, coalesce(process_namespace, ''))
                                        IS NOT (?, ?, ?, ?, ?))
                        FROM sweeps WHERE id = ?
                        """),
                arguments: [caller.host, caller.pid, caller.started, caller.bootID, caller.namespace, sweep])
            guard let row, row[0] else { return .empty }
            return row[1] ? .ready : row[2] ? .elsewhere : .empty
        }
    }

    /// Ends a sweep early because of its failures, leaving its queued runs for later, and returns it.
    package func stop(_ sweep: Int64, because reason: String) throws(TrackingError) -> Sweep {
        try file.write { database in
            try database.execute(
                sql: "UPDATE sweeps SET state = 'stopped', finished_at = ? WHERE id = ? AND state = 'open'",
                arguments: [file.now(), sweep])
            guard database.changesCount == 1 else { return }
            try database.insertEvent(.sweep(sweep), kind: "stopped", message: reason, now: file.now())
        }
        return try find(id: sweep)
    }

    /// Has a sweep that was stopped or cancelled, or was done before it got more runs, be worked on again.
    package func reopen(_ sweep: Int64) throws(TrackingError) {
        try file.write { try $0.reopenSweep(sweep) }
    }

    /// Ends a sweep for good: whatever has not ended is cancelled, and its workers' later rows are refused.
    ///
    /// Returns how many runs that were.
    package func cancel(_ sweep: Int64) throws(TrackingError) -> Int {
        try file.write { database in
            let time = file.now()
            try database.execute(
                sql: """
                    UPDATE runs SET state = 'cancelled', finished_at = ?
                    WHERE sweep_id = ? AND state IN ('queued', 'running')
                    """,
                arguments: [time, sweep])
            let count = database.changesCount
            try database.execute(
                sql: """
                    UPDATE sweeps SET state = 'cancelled', finished_at = ?
                    WHERE id = ? AND state IN ('open', 'stopped')
                    """,
                arguments: [time, sweep])
            if database.changesCount == 1 {
                try database.insertEvent(.sweep(sweep), kind: "cancelled", message: count.counted("run"), now: time)
            }
            return count
        }
    }

    /// Queues a sweep's runs of these states again, as if they had not ended, and returns how many there are.
    package func requeue(_ states: [RunState], ofSweep sweep: Int64) throws(TrackingError) -> Int {
        precondition(states.allSatisfy(\.isFinal), "only runs that have ended are queued again, not \(states)")
        return try file.write { database in
            var count = 0
            for state in states {
                let ids = try Int64.fetchAll(
                    database,
                    sql: """
                        UPDATE runs SET state = 'queued', steps_done = 0, diverged_step = NULL, state_reason = NULL,
                            stop_reason = NULL, evaluations = NULL, initial_loss = NULL, final_loss = NULL, best_loss = NULL,
                            best_step = NULL, ieee_bytes = NULL, finished_at = NULL
                        WHERE sweep_id = ? AND state = ? AND deleted_at IS NULL
                        RETURNING id
                        """,
                    arguments: [sweep, state.rawValue])
                for id in ids {
                    try database.execute(sql: "DELETE FROM run_parameters WHERE run_id = ?", arguments: [id])
                    try database.insertEvent(.run(id), kind: "retried", message: "was \(state)", now: file.now())
                }
                count += ids.count
            }
            if count > 0 { try database.reopenSweep(sweep) }
            return count
        }
    }
}

extension Database {
    func reopenSweep(_ sweep: Int64) throws {
        try execute(sql: "UPDATE sweeps SET state = 'open', finished_at = NULL WHERE id = ?", arguments: [sweep])
    }
}
