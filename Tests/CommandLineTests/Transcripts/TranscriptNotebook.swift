import Foundation
import TestSupport
import Testing

/// A small notebook in which nothing depends on the machine or the moment.
///
/// Its runs use methods made of +, -, *, / and square roots only, whose bits are the same on every processor. What the
/// program writes of the machine and the clock is made constant where it is stored: host, process, boot, version,
/// commit, all times, and the time of each step.
struct TranscriptNotebook {
    let scratch: Scratch

    /// Two sweeps and three single runs, and a run in another notebook, `other.db`.
    ///
    /// Runs 1 to 6 are the sweep `rates`, of which runs 3 and 6 diverge; 7 is `slow`, 8 its fork `faster`, 9 is deleted.
    /// The sweep `waiting` has the queued runs 10 to 13.
    private static let made = Result { () throws -> TranscriptNotebook in
        let scratch = try Scratch()
        for arguments in [
            ["sweep", "rates", "--lr", "0.05,0.2,1e200", "--seeds", "1..2", "--batch-size", "full", "--steps", "12"],
            [
                "run", "--name", "slow", "--optimizer", "adagrad", "--lr", "0.05", "--steps", "30", "--tag", "keep",
                "--notes",
                "A note that says, in more words than a line of a terminal has room for, why this run was made.",
            ],
            ["fork", "slow", "--at", "10", "lr=0.5", "--name", "faster"],
            ["run", "--steps", "3"], ["delete", "9"],
            ["sweep", "waiting", "--lr", "0.1,0.2", "--seeds", "1..2", "--steps", "8", "--enqueue-only"],
            ["run", "--lr", "0.3", "--steps", "5", "--db", "other.db"],
        ] {
            let invocation = try scratch.gradbook(arguments)
            try #require(invocation.exitCode == 0, "\(arguments): \(invocation.error)")
        }
        let time = "2026-01-02T03:04:0"
        for file in ["gradbook.db", "other.db"] {
            try scratch.sqlite3(
                """
                UPDATE runs SET identity = format('%032x', id), host = 'bench', pid = 4711, process_started = 1,
                    process_namespace = 'pid:[4026531836]', boot_id = 'boot', version = '1.0.0',
                    git_commit = '0123456789abcdef0123456789abcdef01234567', created_at = '\(time)5.000Z',
                    started_at = CASE WHEN started_at IS NOT NULL THEN '\(time)6.000Z' END,
                    finished_at = CASE WHEN finished_at IS NOT NULL THEN '\(time)7.500Z' END,
                    lease_until = CASE WHEN lease_until IS NOT NULL THEN '\(time)9.000Z' END,
                    deleted_at = CASE WHEN deleted_at IS NOT NULL THEN '\(time)8.000Z' END;
                UPDATE sweeps SET created_at = '\(time)4.000Z';
                UPDATE notes SET created_at = '\(time)5.000Z';
                UPDATE events SET created_at = '\(time)6.000Z';
                UPDATE quadratic_steps SET elapsed_ns = 1000 * step;
                """, in: file)
        }
        try scratch.write("speed,stop\n4,2\n7,4\n8,16\n9,10\n10,18\n", to: "cars.csv")
        return TranscriptNotebook(scratch: scratch)
    }

    /// A folder of one's own with a copy of the notebook.
    static func copy() throws -> Scratch {
        let (made, copy) = (try made.get().scratch, try Scratch())
        for name in try FileManager.default.contentsOfDirectory(atPath: made.folder.path) {
            try FileManager.default.copyItem(at: made.file(name), to: copy.file(name))
        }
        return copy
    }
}
