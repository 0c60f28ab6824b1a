import GRDB

extension Store {
    /// The runs that are called running although their process is gone, in the order of ids.
    ///
    /// `isAlive` says whether a process still exists; it should say yes of one it cannot know, on another host.
    package func interruptedRuns(
        isAlive: (ProcessIdentity) -> Bool
    ) throws(TrackingError) -> [StoredRun] {
        let running = try read { try $0.runs(where: "state = 'running' ORDER BY id", []) }
        var answers: [ProcessIdentity: Bool] = [:]
        return running.filter { run in
            guard let process = run.process else { return true }
            let alive = answers[process] ?? isAlive(process)
            answers[process] = alive
            return !alive
        }
    }

    /// Queues interrupted runs again and returns their ids in order.
    ///
    /// Without a `sweep`, those of the whole file; `isAlive` is that of ``interruptedRuns(isAlive:)``. The rows they
    /// wrote stay: the next attempt replays the run, and the step writer holds what it computes against them bit for
    /// bit.
    package func requeueInterruptedRuns(
        ofSweep sweep: Int64? = nil, isAlive: (ProcessIdentity) -> Bool
    ) throws(TrackingError) -> [Int64] {
        let interrupted = try interruptedRuns(isAlive: isAlive).filter { sweep == nil || $0.sweepID == sweep }
        if interrupted.isEmpty { return [] }
        return try write { database in
            let time = now()
            return try interrupted.compactMap { run in
                // Whoever was quicker has started another attempt.
                try database.execute(
                    sql: "UPDATE runs SET state = 'queued' WHERE id = ? AND attempt = ? AND state = 'running'",
                    arguments: [run.id, run.attempt])
                guard database.changesCount == 1 else { return nil }
                try database.insertEvent(
                    .run(run.id), kind: "interrupted", message: "attempt \(run.attempt) ended without a result",
                    now: time)
                return run.id
            }
        }
    }
}
