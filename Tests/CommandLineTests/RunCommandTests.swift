import Foundation
import TestRows
import TestSupport
import Testing

/// `gradbook run` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct RunCommandTests {
    private struct Result: Decodable {
        struct Parameters: Decodable, Equatable {
            let w: Double?
            let b: Double?
        }

        let runID: Int
        let state: String
        let steps: Int
        let finalLoss: Double?
        let divergedStep: Int?
        let final: Parameters
        let finalOriginalUnits: Parameters?
    }

    private func result(of invocation: Invocation) throws -> Result {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        decoder.keyDecodingStrategy = .custom { path in
            let names = ["run_id": "runID", "final_loss": "finalLoss", "diverged_step": "divergedStep"]
            let key = path.last?.stringValue ?? ""
            return Key(names[key] ?? (key == "final_original_units" ? "finalOriginalUnits" : key))
        }
        return try decoder.decode(Result.self, from: Data(invocation.output.utf8))
    }

    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    @Test(arguments: [
        (recipe: "numpy", steps: 800, w: "2.98927619", b: "2.09818307"),
        (recipe: "autograd", steps: 800, w: "2.9645", b: "2.1146"),
        (recipe: "optimizer", steps: 10_000, w: "2.6369", b: "2.2360"),
        (recipe: "batches", steps: 10_000, w: "2.6370", b: "2.2360"),
    ])
    func `a recipe ends at the numbers that the chapter prints`(recipe: String, steps: Int, w: String, b: String) throws
    {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook("run", "--recipe", recipe, "--format", "json")
        let result = try result(of: invocation)

        let decimals = w.split(separator: ".")[1].count
        #expect(invocation.exitCode == 0)
        #expect(invocation.error.isEmpty)
        #expect(result.state == "done")
        #expect(result.steps == steps)
        #expect(String(format: "%.\(decimals)f", result.final.w ?? 0) == w)
        #expect(String(format: "%.\(decimals)f", result.final.b ?? 0) == b)
        #expect(
            try scratch.sqlite3("SELECT count(*), min(step), max(step) FROM quadratic_steps")
                == "\(steps)|0|\(steps - 1)")
    }

    @Test
    func `every step's loss, gradients and parameters can be read with sqlite3`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--recipe", "numpy", "--steps", "3")

        let rows = try scratch.sqlite3(
            "SELECT step, loss, w, b, grad_w, grad_b FROM quadratic_steps WHERE run_id = 1 LIMIT 5")

        #expect(
            rows == """
                0|237.144764560819|0.778289215449849|0.77959839861075|-90.8760389971284|-207.040623663399
                1|188.889562560482|0.869165254446977|0.986639022274149|-81.9438180987123|-183.246164011299
                2|150.855094855203|0.951109072545689|1.16988518628545|-74.0066795495679|-162.13490598459
                """)
    }

    @Test
    func `every ready query of the help table runs while the notebook is open`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--lr", "5")
        let queries = try scratch.sqlite3("SELECT query FROM help").split(separator: "\n").map(String.init)

        #expect(queries.count >= 5)
        for query in queries {
            #expect(!(try scratch.sqlite3(query)).isEmpty, "\(query)")
        }
    }

    @Test
    func `real data end at the least-squares answer in their own units`() throws {
        let scratch = try Scratch()
        let cars = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "reports/data/cars.csv")

        let result = try result(
            of: scratch.gradbook(
                "run", "--data", cars.path, "--x", "speed", "--y", "dist", "--scale", "normalize", "--batch-size",
                "full", "--lr", "0.5", "--steps", "2000", "--format", "json"))

        let units = try #require(result.finalOriginalUnits)
        #expect(abs((units.w ?? 0) / 0.12896867043882854 - 1) < 1e-6)
        #expect(abs((units.b ?? 0) / 8.860048548703519 - 1) < 1e-6)
        #expect(result.final != units)
    }

    @Test
    func `a diverging run is a result: it exits 0 and names its first bad step`() throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook("run", "--lr", "5", "--format", "json")
        let result = try result(of: invocation)

        #expect(invocation.exitCode == 0)
        #expect(result.state == "diverged")
        #expect(invocation.output.contains("\"final_loss\":\"Infinity\""))
        let stored = try scratch.sqlite3("SELECT state, diverged_step, steps_done, state_reason FROM runs")
        #expect(stored.hasPrefix("diverged|\(result.divergedStep ?? -1)|\(result.steps)|"))
        #expect(try scratch.sqlite3("SELECT max(step) FROM quadratic_steps") == "\(result.steps - 1)")
    }

    @Test
    func `a value SQLite cannot keep is there in its exact bytes`() throws {
        let scratch = try Scratch()

        try scratch.gradbook("run", "--init", "w=-0.0,b=0", "--steps", "1")

        #expect(
            try scratch.sqlite3("SELECT length(ieee_bytes), hex(substr(ieee_bytes, 17, 8)) FROM quadratic_steps")
                == "48|0000000000000080")
    }

    @Test
    func `the database is the option's, else the environment's, else gradbook.db`() throws {
        let scratch = try Scratch()

        try scratch.gradbook("run", "--steps", "1", "--db", "mine.db")
        try scratch.gradbook(["run", "--steps", "1"], environment: ["GRADBOOK_DB": "theirs.db"])
        try scratch.gradbook("run", "--steps", "1")

        #expect(scratch.contains("mine.db") && scratch.contains("theirs.db") && scratch.contains("gradbook.db"))
    }

    @Test
    func `help names the loss bound and shows examples`() throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook("run", "--help")

        #expect(invocation.exitCode == 0)
        #expect(invocation.output.contains("gradbook run --recipe numpy"))
        #expect(invocation.output.contains("After a crash the file is intact, and at most the last commit interval"))
    }

    @Test(arguments: [
        ["run", "--steps", "300"], ["sweep", "s", "--seeds", "1..3", "--steps", "100"],
        ["run", "--steps", "300", "--durability", "step"],
    ])
    func `everything is in the one file when a command has ended`(_ command: [String]) throws {
        let scratch = try Scratch()

        try scratch.gradbook(command)

        #expect(try scratch.contents().keys.sorted() == ["gradbook.db"])
        try FileManager.default.copyItem(
            at: scratch.folder.appending(path: "gradbook.db"), to: scratch.folder.appending(path: "copy.db"))
        #expect(try scratch.sqlite3("SELECT count(*) FROM quadratic_steps", in: "copy.db") == "300")
    }

    @Test
    func `a run that reached its target stops there and says so`() throws {
        let scratch = try Scratch()
        let invocation = try scratch.gradbook("run", "--stop-when", "excess=1e-3,patience=500")

        let step = try #require(invocation.output.firstMatch(of: /stopped at step ([0-9]+): excess/))
        let stored = try scratch.sqlite3(
            "SELECT state, steps_done - 1, max(step), stop_reason LIKE 'excess % at most 0.001' "
                + "FROM runs JOIN quadratic_steps ON run_id = id")
        #expect(stored == "done|\(step.1)|\(step.1)|1")
        #expect(try scratch.sqlite3("SELECT count(*) FROM excess WHERE excess <= 1e-3") == "1")
    }

    @Test
    func `clipping shows in the update, not in the stored gradient`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--clip", "value=0.5", "--lr", "0.25", "--steps", "2", "--init", "w=0,b=0")

        let moved = try scratch.sqlite3(
            "SELECT (SELECT b FROM quadratic_steps WHERE step = 1), "
                + "(SELECT grad_b < -1 FROM quadratic_steps WHERE step = 0)")
        #expect(moved == "0.125|1")
    }

    @Test
    func `a parameter with a learning rate of 0 stays where it is`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--set", "b.lr=0", "--init", "w=0,b=0.25", "--steps", "20")

        #expect(try scratch.sqlite3("SELECT DISTINCT b FROM quadratic_steps") == "0.25")
        #expect(try scratch.sqlite3("SELECT count(DISTINCT w) FROM quadratic_steps") == "20")
    }

    @Test
    func `the last short batch of an epoch can be dropped`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("run", "--batch-size", "30", "--epochs", "2")
        try scratch.gradbook("run", "--batch-size", "30", "--epochs", "2", "--sampling", "shuffled-drop-last")

        #expect(try scratch.sqlite3("SELECT group_concat(steps_done) FROM runs") == "8,6")
    }
}
