import Foundation
import TestSupport
import Testing

/// Recorded runs in every command that shows runs, as a person uses them.
@Suite(.timeLimit(.minutes(5)))
struct RecordedRunsTests {
    private let scratch: Scratch

    /// Runs 1 and 2 of another program, and 3 of a built-in model.
    init() throws {
        scratch = try Scratch()
        for (name, rate) in [("one", "0.1"), ("two", "0.01")] {
            try scratch.write(
                """
                {"step": 0, "val/loss": 4, "val/acc": 0.25, "count": 9007199254740993}
                {"step": 1, "val/loss": \(rate), "val/acc": 0.5, "n\\u001b[2J": NaN}
                {"step": 9, "val/loss": 2, "val/acc": 0.75, "phrase": "say\\u001b[31m"}

                """, to: "\(name).jsonl")
            let line = try scratch.shell(
                "'\(try TestedProgram.file.path)' log --name \(name) --set lr=\(rate) --set optimizer=muon <\(name).jsonl"
            )
            try #require(line.exitCode == 0, "\(line.error)")
        }
        try scratch.gradbook("run", "--name", "built-in", "--steps", "20")
    }

    @Test(arguments: [
        ("lr<0.1 kind=recorded", "2"), ("optimizer=muon lr=0.1", "1"), ("best('val/loss')<0.05", "2"),
        ("val/acc=0.75 lr>0.05", "1"),
        ("kind=trained", "3"), ("min(val/loss)@step=1 name=two", "2"),
    ])
    func `runs are found by their settings and metrics`(filter: String, id: String) throws {
        let invocation = try scratch.gradbook("runs", filter, "--columns", "id", "--no-header", "--format", "csv")

        #expect(invocation.output == "\(id)\n", "\(invocation.error)")
    }

    @Test
    func `a list of them shows what they logged, under its name`() throws {
        let lines = try scratch.gradbook("runs", "kind=recorded").output.components(separatedBy: "\n")

        #expect(lines[0] == "all: optimizer=muon")
        #expect(lines[2].split(separator: " ") == ["id", "name", "lr", "state", "val/loss", "val/acc", "count"])
        #expect(lines[3].hasSuffix("2     0.75  9007199254740993"))
    }

    @Test
    func `show has a page, a row for programs, single steps and a chosen curve`() throws {
        let page = try scratch.gradbook("show", "two").output

        #expect(page.hasPrefix("run 2  two\ndone, 3 steps\n"), "\(page)")
        #expect(page.contains("val/loss of each step, in decades\n"))
        #expect(page.contains(#"text phrase at step 9: say\u{1B}[31m"#) && !page.contains("\u{1B}"))
        #expect(try scratch.gradbook("show", "two", "--metric", "val/acc").output.contains("val/acc of each step"))
        #expect(
            try scratch.gradbook("show", "two", "--json").output.contains(
                #""min(val/loss)":0.01,"min(val/loss)@step":1"#))
        #expect(
            try scratch.gradbook("show", "two", "--around", "9", "--window", "0", "--format", "csv").output
                == "step,val/acc,val/loss\n9,0.75,2\n")
    }

    @Test
    func `two are compared, also beside a built-in run`() throws {
        let rows = try scratch.gradbook("compare", "one", "two", "--format", "csv").output.split(separator: "\n")
        let mixed = try scratch.gradbook("compare", "one", "built-in")

        #expect(rows.contains("setting,lr,0.1,0.01,") && rows.contains("metric,min(val/loss),0.1,0.01,2"))
        #expect(mixed.exitCode == 0 && mixed.output.contains("optimizer   muon  sgd"), "\(mixed)")
    }

    @Test
    func `exports are exact`() throws {
        let steps = try scratch.gradbook("export", "steps", "one").output
        let metrics = try scratch.gradbook("export", "metrics", "one", "--format", "jsonl").output
        let runs = try scratch.gradbook("export", "runs", "one").output

        #expect(
            steps.hasPrefix("run_id,step,elapsed_ns,count,\"n\u{1B}[2J\",val/acc,val/loss\n")
                || steps.hasPrefix("run_id,step,elapsed_ns,count,n\u{1B}[2J,val/acc,val/loss\n"), "\(steps)")
        #expect(metrics.contains(#"{"run_id":1,"step":0,"key":"count","value":9007199254740993}"# + "\n"))
        #expect(metrics.contains(#""key":"n\u001b[2J","value":"NaN"}"#))
        #expect(runs.hasPrefix("id,name,kind,") && runs.contains("\n1,one,recorded,"))
    }

    @Test
    func `a run that has ended is watched in one line, and columns lists metrics`() throws {
        #expect(
            try scratch.gradbook("watch", "one").output
                == "run 1 (one): done, 3 steps; val/loss 2, val/acc 0.75, count 9007199254740993\n")
        let columns = try scratch.gradbook("columns").output
        #expect(columns.contains("\nmetrics that programs logged\n") && columns.contains("val/acc>0.5"))
        #expect(!columns.contains("\u{1B}"))
    }

    @Test
    func `a running one is watched until its recorder is gone`() throws {
        let lines = try scratch.shell(
            """
            ( n=0; while echo "{\\"step\\": $n, \\"loss\\": 1}"; do n=$((n+1)); sleep 0.1; done ) 2>errors.txt |
                '\(try TestedProgram.file.path)' log --name live 2>log.txt &
            for try in $(seq 300); do
                sqlite3 -readonly gradbook.db "SELECT 1 FROM logged_steps JOIN runs ON id = run_id WHERE name = 'live'" | grep -q 1 && break
                sleep 0.1
            done 2>tries.txt
            '\(try TestedProgram.file.path)' watch live >lines.txt &
            watcher=$!
            for try in $(seq 300); do [ -s lines.txt ] && break; sleep 0.1; done
            kill -9 $(sqlite3 -readonly gradbook.db "SELECT pid FROM runs WHERE name = 'live'")
            wait $watcher
            cat lines.txt
            """
        ).output.split(separator: "\n")

        #expect(lines.first?.hasPrefix("run 4 (live): running, ") ?? false, "\(lines)")
        #expect(lines.last?.hasPrefix("run 4 (live): interrupted, ") ?? false, "\(lines)")
    }

    @Test(arguments: [
        ["verify", "1"], ["why", "1"], ["fork", "1", "lr=0.2", "--at", "1"], ["diff", "1", "2"], ["diff", "3", "1"],
        ["run", "--resume", "1"], ["judge", "1", "2"], ["report", "1"],
    ])
    func `what only a built-in run can do says so`(arguments: [String]) throws {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == (arguments[0] == "judge" ? 70 : 1))
        #expect(invocation.output.isEmpty)
        #expect(
            invocation.error.contains("run 1 is a recorded program") && invocation.error.contains("runs kind=trained"))
    }

    @Test
    func `metrics are completed where one is asked for`() throws {
        let program = try TestedProgram.file.deletingLastPathComponent().path
        try scratch.write(
            """
            PATH='\(program)':$PATH
            source <(gradbook --generate-completion-script bash)
            COMP_WORDS=(gradbook show one --metric va)
            COMP_CWORD=4
            _gradbook gradbook va --metric
            echo "${COMPREPLY[*]}"
            """, to: "complete.bash")

        let completed = try scratch.shell("bash complete.bash")

        #expect(completed.output == "val/acc val/loss\n", "\(completed.error)")
    }
}
