import Foundation
import TestSupport
import Testing

/// `gradbook show`, `tag`, `note` and `rename` as a person uses them.
@Suite(.timeLimit(.minutes(5)))
struct ShowCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("run", "--name", "first one", "--steps", "40", "--tag", "keep")
        try scratch.gradbook("sweep", "rates", "--lr", "5,0.1", "--seeds", "1", "--steps", "300")
    }

    @Test(arguments: [
        ("1", "run 1  first one\n"), ("first", "run 1  first one\n"), ("last", "run 3\n"), ("best:rates", "run 3\n"),
    ])
    func `a run is shown by any of its names`(reference: String, heading: String) throws {
        let invocation = try scratch.gradbook("show", reference)

        #expect(invocation.exitCode == 0)
        #expect(invocation.output.hasPrefix(heading))
    }

    @Test
    func `a page has settings, parameters, a curve and what was said, in 80 columns`() throws {
        try scratch.gradbook("note", "first", "looks\u{1B}[31m right")
        let output = try scratch.gradbook("show", "first").output

        #expect(output.contains("\ndone, 40 of 40 steps\n"))
        #expect(output.contains("settings: optimizer=sgd  lr=0.1  batch_size=10  seed=0"))
        #expect(output.contains("\nw          0.5488135039273248  "))
        #expect(output.contains("loss of each step, in decades\n") && output.contains(" │⠀"))
        #expect(output.contains(#"note: looks\u{1B}[31m right"#))
        #expect(output.contains("tags       keep"))
        #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test
    func `a diverged run shows its first bad step and the steps around it`() throws {
        let page = try scratch.gradbook("show", "2").output
        let step = try #require(Int(try scratch.sqlite3("SELECT diverged_step FROM runs WHERE id = 2")))

        let around = try scratch.gradbook("show", "2", "--around", "\(step)", "--window", "1", "--format", "csv").output

        #expect(page.contains("first bad step \(step): loss is inf"))
        let rows = around.components(separatedBy: "\n")
        #expect(rows[0] == "step,epoch,loss,learning_rate,w,b,grad_w,grad_b")
        #expect(rows[1].hasPrefix("\(step - 1),") && rows[2].hasPrefix("\(step),") && rows[3].isEmpty)
    }

    @Test
    func `a run that reached its target shows where and why it stopped`() throws {
        try scratch.gradbook("run", "--name", "early", "--stop-when", "loss=1e3", "--steps", "9")

        let page = try scratch.gradbook("show", "early").output
        let listed = try scratch.gradbook("runs", "stop_reason!=none", "--columns", "name,evaluations").output

        #expect(page.contains("\nstopped at step 0: loss "), "\(page)")
        #expect(try scratch.gradbook("show", "early", "--format", "json").output.contains(#""stop_reason":"loss "#))
        #expect(listed == "name   evaluations\nearly            1\n")
    }

    @Test(arguments: ["json", "jsonl", "csv", "markdown"])
    func `a program gets the same facts as one row`(format: String) throws {
        let output = try scratch.gradbook("show", "1", "--format", format).output
        let loss = try #require(
            Double(try scratch.sqlite3("SELECT printf('%!.17g', final_loss) FROM runs WHERE id = 1")))

        #expect(
            output.contains("config.optimizer.lr") || output.contains("config.optimizer.lr".replacing("_", with: "\\_"))
        )
        #expect(format == "markdown" || output.contains("\(loss)"))
    }

    @Test
    func `tags are put on and taken off`() throws {
        #expect(try scratch.gradbook("tag", "first", "a", "b").output == "run 1: a, b, keep\n")
        #expect(try scratch.gradbook("tag", "1", "--remove", "keep").output == "run 1: a, b\n")
        #expect(try scratch.gradbook("tag", "1", "--remove", "nope").error.contains("no tag 'nope'"))
        #expect(try scratch.gradbook("runs", "tag=a", "--columns", "id,tag").output == "id  tag\n 1  a, b\n")
    }

    @Test
    func `runs and sweeps get other names, but not one that is taken or has a meaning`() throws {
        #expect(try scratch.gradbook("rename", "2", "second").output == "run 2: second\n")
        #expect(try scratch.gradbook("rename", "--sweep", "rates", "learning").output == "sweep learning\n")
        #expect(try scratch.gradbook("show", "best:learning").output.hasPrefix("run 3\n"))
        for (name, code) in [("first one", 1), ("7", 64), ("last", 64), ("best:x", 64), ("a\nb", 64)] {
            #expect(try scratch.gradbook("rename", "2", name).exitCode == code, "\(name)")
        }
    }

    @Test
    func `a note can be on a sweep`() throws {
        #expect(try scratch.gradbook("note", "--sweep", "rates", "repeat").output == "sweep rates: note added\n")
        #expect(try scratch.sqlite3("SELECT run_id IS NULL, sweep_id, text FROM notes") == "1|1|repeat")
    }

    @Test(arguments: [
        (["show", "nobody"], "'nobody'", 1), (["show", "1", "--around", "99"], "0 to 39", 1),
        (["show", "1", "--around", "-1"], "--around", 64), (["show", "1", "--around", "\(Int.max)"], "0 to 39", 1),
        (["show", "1", "--around", "1", "--window", "-1"], "--window", 64),
        (["tag", "1"], "tag", 64), (["note", "1"], "note", 64), (["note", "1", " "], "note", 64),
        (["note", "9", "text"], "'9'", 1), (["rename", "9", "x"], "'9'", 1),
        (["rename", "--sweep", "rate", "x"], "'rates'", 1),
        (["tag", "1", " "], "no tag", 64),
    ])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let before = try scratch.sqlite3("SELECT count(*) FROM notes UNION ALL SELECT count(*) FROM run_tags")

        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code)
        #expect(invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
        #expect(try scratch.sqlite3("SELECT count(*) FROM notes UNION ALL SELECT count(*) FROM run_tags") == before)
    }
}
