/// What a command is shown with: words for it, perhaps after others that prepare something.
struct TranscriptPage {
    /// The words that call the command, and its arguments.
    let command: [String]
    let arguments: [String]
    /// Commands that go before, each with its arguments.
    var before: [[String]] = []
    /// What is done to the notebook before all of them.
    var change: String?

    init(_ command: String, _ arguments: String..., before: [[String]] = [], change: String? = nil) {
        self.command = command.split(separator: " ").map(String.init)
        self.arguments = arguments
        self.before = before
        self.change = change
    }

    /// At least one page for each command, of which the first is shown in every format that the command has.
    ///
    /// Not for `manual`, whose words are the command reference's.
    /// None prints a number that comes from a logarithm, a power or the like: their last bits differ by processor. A
    /// curve's logarithms only choose among the few places that a dot can have.
    static let all = [
        TranscriptPage("", "--version"),
        TranscriptPage("run", "--lr", "0.1", "--steps", "20", "--batch-size", "full", "--name", "by hand"),
        TranscriptPage("run", "--lr", "1e200", "--steps", "20"),
        TranscriptPage(
            "run", "--data", "cars.csv", "--x", "speed", "--y", "stop", "--scale", "normalize", "--batch-size", "full",
            "--steps", "20"),

        TranscriptPage(
            "sweep start", "more", "--lr", "0.1,0.2", "--batch-size", "full", "--seeds", "1..2", "--steps", "10",
            "--workers", "1"),
        TranscriptPage(
            "sweep start", "more", "--lr", "lin:0.1:0.9:9", "--set", "momentum=0,0.9", "--batch-size", "10,full",
            "--dry-run", "--workers", "2"),
        TranscriptPage("sweep status", "rates"),
        TranscriptPage("sweep status", "waiting"),
        TranscriptPage("sweep resume", "waiting", "--workers", "1"),
        TranscriptPage("sweep extend", "rates", "--seeds", "3..4", "--dry-run"),
        TranscriptPage("sweep extend", "rates", "--seeds", "3", "--workers", "1"),
        TranscriptPage("sweep retry", "waiting"),
        TranscriptPage(
            "sweep retry", "waiting", "--state", "cancelled", "--workers", "1",
            before: [["sweep", "cancel", "waiting"], ["sweep", "status", "waiting"]]),
        TranscriptPage("sweep cancel", "waiting"),
        TranscriptPage("sweep best", "rates"),
        TranscriptPage("sweep best", "rates", "--by", "ert", "--success", "excess=2"),
        TranscriptPage("sweep shard", "waiting", "--index", "0", "--of", "2", "--out", "shard-0.db"),

        TranscriptPage("record", "--quiet", "--", "echo", "step=3 loss=0.25"),
        TranscriptPage("record", "--explain", "cars.csv"),
        TranscriptPage("log", "--resume", "cars.csv"),

        TranscriptPage("runs"),
        TranscriptPage(
            "runs", "sweep=rates state=done", "--sort", "final_loss", "--columns", "id,lr,min(loss)@step,w,b"),
        TranscriptPage("runs", "--deleted"),
        TranscriptPage("sweeps"),
        TranscriptPage("show", "slow"),
        TranscriptPage("show", "3"),
        TranscriptPage("show", "faster", "--around", "12", "--window", "2"),
        TranscriptPage("query", "SELECT id, optimizer, learning_rate, state, final_loss FROM runs LIMIT 4"),
        TranscriptPage("query", "SELECT * FROM runs WHERE id = 7"),
        TranscriptPage("query", "SELECT question, query FROM help"),
        TranscriptPage("schema"),
        TranscriptPage("schema", "quadratic_steps"),
        TranscriptPage("export runs", "sweep=rates seed=1"),
        TranscriptPage("export steps", "3", "6"),
        TranscriptPage("export metrics", "3", "--limit", "8"),
        TranscriptPage("export query", "SELECT run_id, step, excess FROM excess WHERE run_id = 1 LIMIT 3"),
        TranscriptPage("compare", "slow", "faster"),
        TranscriptPage("compare", "1", "2", "3", "slow"),
        TranscriptPage("judge", "rates:lr=0.2", "rates:lr=0.05", "--min-effect", "0.001"),
        TranscriptPage("judge", "rates:lr=0.2", "waiting"),
        TranscriptPage("judge", "rates:lr=0.05", "--below", "0.5", "--metric", "loss", "--assume", "normal"),
        TranscriptPage("judge", "noise", "rates:lr=0.05"),
        TranscriptPage("report", "rates", "--out", "report"),
        TranscriptPage(
            "report", "--check", "report", before: [["report", "rates", "--out", "report"]]),
        TranscriptPage("report", "rates", "--since", "report", before: [["report", "rates", "--out", "report"]]),
        TranscriptPage("watch", "rates"),

        TranscriptPage("verify", "rates", change: "UPDATE quadratic_steps SET w = 0.5 WHERE run_id = 2 AND step = 7"),
        TranscriptPage("verify", "slow"),
        TranscriptPage("diff", "slow", "faster"),
        TranscriptPage("diff", "1", "4"),
        TranscriptPage("fork", "slow", "--at", "20", "lr=0.2", "--name", "another"),
        TranscriptPage("why", "slow"),
        TranscriptPage("why", "3"),

        TranscriptPage("tag", "slow", "good", "again"),
        TranscriptPage("tag", "1..3", "state=queued", "look"),
        TranscriptPage("note", "slow", "as slow as expected"),
        TranscriptPage("rename", "slow", "slowest"),
        TranscriptPage("delete", "slow"),
        TranscriptPage("delete", "rates:state=diverged"),
        TranscriptPage("restore", "9"),
        TranscriptPage("gc"),
        TranscriptPage("gc", "--dry-run"),
        TranscriptPage("gc", "--yes"),
        TranscriptPage("redact", "slow"),
        TranscriptPage("backup", "copy.db"),
        TranscriptPage(
            "doctor",
            change: "DELETE FROM quadratic_steps WHERE run_id = 7 AND step IN (4, 5); UPDATE sweeps SET state = 'open'"),
        TranscriptPage("doctor"),
        TranscriptPage("doctor", "--fix", change: "DELETE FROM quadratic_steps WHERE run_id = 7 AND step IN (4, 5)"),
        TranscriptPage("merge", "other.db"),
        TranscriptPage("merge", "other.db", before: [["merge", "other.db"]]),

        TranscriptPage("columns"),
        TranscriptPage("optimizers"),
        TranscriptPage("schedules"),
        TranscriptPage("graph", "--loss", "half-sum"),
    ]
}
