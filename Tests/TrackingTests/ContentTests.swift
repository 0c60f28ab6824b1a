import TestSupport
import Testing
import Tracking

/// The comparison that kill tests and merges rest on sees every difference but those of circumstances.
struct ContentTests {
    private let first: Notebook
    private let second: Notebook

    init() throws {
        first = try Notebook()
        second = try Notebook()
        for notebook in [first, second] {
            let store = try notebook.open()
            let sweep = try store.createSampleSweep(runs: 2)
            for _ in 0..<2 {
                let run = try #require(try store.sweeps.claimNextRun(ofSweep: sweep, as: .sample()))
                try store.write([.sample(0), .sample(1, loss: -0.0)], ofRun: run)
                try store.runs.finish(run.id, attempt: run.attempt, outcome: .sample())
            }
        }
    }

    @Test(arguments: [
        "UPDATE quadratic_steps SET w = w + 1e-16 WHERE run_id = 1 AND step = 1",
        "UPDATE quadratic_steps SET ieee_bytes = NULL WHERE run_id = 2 AND step = 1",
        "DELETE FROM quadratic_steps WHERE run_id = 2 AND step = 0", "UPDATE runs SET state = 'diverged' WHERE id = 2",
        "UPDATE run_parameters SET final = final + 1e-15 WHERE run_id = 1 AND name = 'w'",
        "UPDATE runs SET final_loss = NULL WHERE id = 1", "INSERT INTO run_tags VALUES (1, 'new')",
        "UPDATE sweeps SET state = 'open'", "UPDATE optima SET value = 0",
    ])
    func `a difference in what was computed or planned is seen`(change: String) throws {
        try second.execute(change)

        #expect(try first.content() != second.content())
        #expect(try first.content().firstDifference(from: second.content()) != nil)
    }

    @Test(arguments: [
        "UPDATE runs SET attempt = 3, host = 'elsewhere', pid = 2, process_started = 3, boot_id = 'b'",
        "UPDATE runs SET created_at = 'x', started_at = 'x', finished_at = 'x', lease_until = 'x'",
        "UPDATE quadratic_steps SET elapsed_ns = elapsed_ns + 1",
        "INSERT INTO events (run_id, kind, created_at) VALUES (1, 'interrupted', 'x')",
    ])
    func `times, hosts and attempts do not count`(change: String) throws {
        try second.execute(change)

        #expect(try first.content() == second.content())
        #expect(try first.content().firstDifference(from: second.content()) == nil)
    }
}
