import Foundation
import TestSupport
import Testing

/// `gradbook runs` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct RunsCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "rates", "--optimizer", "sgd,adam", "--lr", "0.01,0.1,5", "--seeds", "1", "--steps", "200")
        try scratch.gradbook("run", "--name", "good one", "--tag", "keep", "--lr", "0.05", "--steps", "200")
    }

    @Test
    func `a table that is wider than the terminal says what it leaves out`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "wide", "--optimizer", "sgd,adam,rmsprop,rprop", "--lr", "0.01,0.1", "--batch-size", "10,full",
            "--set", "momentum=0,0.9 if optimizer=sgd", "--set", "beta1=0.8,0.9 if optimizer=adam",
            "--set", "alpha=0.9,0.99 if optimizer=rmsprop", "--set", "eta_plus=1.1,1.2 if optimizer=rprop",
            "--set", "centered=true,false if optimizer=rmsprop", "--set", "amsgrad=true,false if optimizer=adam",
            "--seeds", "1..2", "--steps", "2")

        let narrow = ["COLUMNS": "80"]
        let output = try scratch.gradbook(["runs"], environment: narrow).output
        let chosen = try scratch.gradbook(
            ["runs", "--columns", "id,eta_plus,state,config_hash,command"], environment: narrow
        ).output

        #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(output)")
        let note = try #require(output.split(separator: "\n").first { $0.hasPrefix("left out: ") })
        #expect(note.contains("eta_plus"))
        #expect(output.contains("\n id  ") || output.contains("\nid  "))
        #expect(try scratch.gradbook("runs", "--format", "csv").output.contains("eta_plus"))
        #expect(!chosen.contains("left out"))
    }

    @Test
    func `a setting is listed, and filtered, by the name of its flag`() throws {
        try scratch.gradbook(
            "run", "--name", "set", "--steps", "30", "--rng", "torch", "--data-seed", "9", "--noise", "0.5")

        let output = try scratch.gradbook(
            "runs", "rng=torch", "--columns", "name,batch-size,rng,data-seed,noise,clip", "--format", "csv"
        ).output

        #expect(output == "name,batch-size,rng,data-seed,noise,clip\nset,10,torch,9,0.5,\n")
        let mistake = try scratch.gradbook("runs", "--columns", "data-sed")
        #expect(mistake.error.contains("did you mean 'data-seed'?"), "\(mistake.error)")
    }

    @Test
    func `a filter, an order and columns of one's choice make a table`() throws {
        let invocation = try scratch.gradbook(
            "runs", "sweep=rates optimizer=sgd", "--sort", "-lr", "--columns", "id,lr,min(loss)@step,state")

        #expect(invocation.exitCode == 0)
        #expect(
            invocation.output == """
                id    lr  min(loss)@step  state
                 3     5               0  diverged
                 2   0.1             193  done
                 1  0.01             125  done

                """)
    }

    @Test
    func `without columns those are shown in which the runs differ`() throws {
        let output = try scratch.gradbook(["runs", "sweep=rates", "optimizer=adam"], environment: ["COLUMNS": "80"])
            .output

        #expect(output.hasPrefix("all: batch_size=10  data.kind=chapter"))
        #expect(output.contains("beta1=0.9") && output.contains(#/\nid    lr  state +final_loss\n/#))
        #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test
    func `every format holds the exact final loss`() throws {
        let exact = try scratch.sqlite3("SELECT printf('%!.17g', final_loss) FROM runs WHERE name = 'good one'")
        let number = try #require(Double(exact))
        let command = ["runs", "tag=keep", "--columns", "name,final_loss", "--format"]

        #expect(
            try scratch.gradbook(command + ["json"]).output
                == "[\n{\"name\":\"good one\",\"final_loss\":\(number)}\n]\n")
        #expect(
            try scratch.gradbook(command + ["jsonl"]).output == "{\"name\":\"good one\",\"final_loss\":\(number)}\n")
        #expect(try scratch.gradbook(command + ["csv"]).output == "name,final_loss\ngood one,\(number)\n")
        #expect(
            try scratch.gradbook(command + ["markdown"]).output.hasPrefix("| name | final\\_loss |\n| --- | --- |\n"))
    }

    @Test
    func `a run that was killed is shown as interrupted`() throws {
        let scratch = try Scratch()
        let died = try scratch.kill(
            ["run", "--steps", "3000000"], when: "SELECT run_id FROM quadratic_steps LIMIT 1")

        #expect(died)
        #expect(try scratch.gradbook("runs", "--columns", "id,state").output == "id  state\n 1  interrupted\n")
    }

    @Test(arguments: [
        (["runs", "lr<"], "lr", 64), (["runs", "colour=red"], "'colour'", 64),
        (["runs", "--sort", "min(x)"], "min(x)", 64),
        (["runs", "--limit", "0"], "--limit", 64), (["runs", "--format", "xml"], "xml", 64),
        (["runs", "--db", "no.db"], "no.db", 1),
    ])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code)
        #expect(invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
    }
}
