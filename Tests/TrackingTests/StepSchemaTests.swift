import GRDB
import TestRows
import TestSupport
import Testing
import TextFormats
import Theory

@testable import Tracking

/// Steps of any model, by the description of their table alone: a toy model with as many parameters as its argument says.
struct StepSchemaTests {
    private let notebook: Notebook
    private let store: Store
    /// Another notebook, to be merged.
    private let theirs: Notebook

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
        theirs = try Notebook()
    }

    @Test
    func `the columns are those of the model with its arguments`() {
        let schema = StepSchema.toy(2)

        #expect(schema.table == "toy_terms_2_steps")
        #expect(schema.columns.map(\.name) == ["loss", "learning_rate", "c0", "c1", "grad_c0", "grad_c1"])
        #expect(schema.parameters == ["c0", "c1"])
        #expect(schema.index(of: .gradient, "c1") == 5)
        #expect(schema.indices(of: .parameter) == [2, 3])
    }

    @Test
    func `a parameter that is called as another column gets a column of its own`() {
        let schema = StepSchema(model: "odd", parameters: ["Loss", "step", "a", "grad_a", "x y"])

        #expect(
            schema.columns.map(\.name) == [
                "loss", "learning_rate", "Loss_2", "step_2", "a", "grad_a", "x y", "grad_Loss", "grad_step", "grad_a_2",
                "grad_grad_a", "grad_x y",
            ])
    }

    @Test
    func `the first model's table in a new notebook is what its schema describes`() throws {
        let stored = try store.file.read { try $0.columns(in: "quadratic_steps") }
        let created = try DatabaseQueue().write { database in
            try database.execute(sql: "CREATE TABLE runs (id INTEGER PRIMARY KEY)")
            try database.execute(sql: StepSchema(model: "quadratic", parameters: ["w", "b"]).creation)
            return try database.columns(in: "quadratic_steps")
        }

        #expect(stored == created)
        #expect(
            try store.file.read { try StepTables($0)["quadratic"] }
                == StepSchema(model: "quadratic", parameters: ["w", "b"]))
    }

    @Test(arguments: [1, 3, 40])
    func `rows come back bit for bit, whatever the number of parameters`(terms: Int) throws {
        let run = try store.startToyRun(terms)
        let values: [Double] = [
            0.1, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ]
        let rows = (0..<200).map { step in
            StepRow(
                step: step, epoch: step / 3, elapsedNanoseconds: step,
                values: (0..<2 + 2 * terms).map { values[(step + $0) % values.count] })
        }
        try store.write(rows, ofRun: run)

        let stored = try store.steps.all(ofRun: run.id)

        #expect(stored.map(\.step) == rows.map(\.step))
        #expect(stored.map { $0.values.map(\.bitPattern) } == rows.map { $0.values.map(\.bitPattern) })
        var count = 0
        try store.steps.forEachStored(ofRun: run.id) { row in
            #expect(row == StoredStep(rows[row.number], as: .toy(terms)))
            count += 1
        }
        #expect(count == 200)
    }

    @Test
    func `a row that is stored already must have the same numbers`() throws {
        let run = try store.startToyRun(2)
        try store.write(try store.toyRows(2), ofRun: run)
        var other = try store.toyRows(2)
        other[3].values[5] = 0.5

        let error = #expect(throws: TrackingError.self) { try store.write(other, ofRun: run) }

        #expect(error?.description.contains("step 3 of run \(run.id) is stored with another grad_c1") == true)
    }

    @Test
    func `runs of several models are listed, examined and merged side by side`() throws {
        let first = try store.endToyRun(2)
        let other = try theirs.open()
        _ = try other.endToyRun(5)
        let second = try other.endToyRun(2)

        let summary = try store.maintenance.merge(theirs.path)

        #expect(summary == [.runsAdded: 2, .steps: 20, .models: 1])
        #expect(try store.steps.all(ofRun: 3) == other.steps.all(ofRun: second.id))
        #expect(try store.maintenance.merge(theirs.path) == [.runsUnchanged: 2])
        #expect(try store.maintenance.check { _ in true }.isEmpty)
        #expect(try store.maintenance.check(readsEverything: false) { _ in true }.isEmpty)
        #expect(try store.steps.count(ofRun: first.id) == 10)
        var request = RunListingRequest()
        request.columns = ["id", "model", "steps_done", "c4", "max(c1)", "c0@9"]
        #expect(
            try store.runs.list(request) { _ in true }.rows == [
                [.integer(1), .text("toy:terms=2"), .integer(10), .null, .real(9.25), .real(9)],
                [.integer(2), .text("toy:terms=5"), .integer(10), .real(40), .real(9.25), .real(9)],
                [.integer(3), .text("toy:terms=2"), .integer(10), .null, .real(9.25), .real(9)],
            ])
        #expect(try store.query("SELECT count(*) FROM steps").rows == [[.integer(30)]])
        #expect(
            try store.query("SELECT value, gradient FROM step_parameters WHERE run_id = 2 AND step = 7 AND name = 'c4'")
                .rows
                == [[.real(8), .real(-7)]])
    }

    @Test
    func `a difference between two copies of a run is found in any table`() throws {
        _ = try store.endToyRun(3)
        _ = try theirs.open().maintenance.merge(notebook.path)
        try theirs.execute("UPDATE toy_terms_3_steps SET grad_c2 = 1 WHERE step = 4")

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.description.hasSuffix("differ in grad_c2 at step 4") == true)
    }

    @Test
    func `gaps and rows without a run are found in any table`() throws {
        _ = try store.endToyRun(2)
        _ = try store.endToyRun(3)
        try notebook.execute(
            """
            PRAGMA foreign_keys = OFF; DELETE FROM toy_terms_3_steps WHERE step = 2;
            INSERT INTO toy_terms_2_steps SELECT 9, step, epoch, loss, learning_rate, c0, c1, grad_c0, grad_c1, elapsed_ns, NULL
            FROM toy_terms_2_steps
            """)

        for readsEverything in [true, false] {
            let findings = try store.maintenance.check(readsEverything: readsEverything) { _ in true }.map(
                \.description)
            #expect(
                findings == [
                    "10 rows of toy_terms_2_steps without the row of runs to refer to",
                    "run 2 has 9 rows, but its last step is 9: there are gaps",
                ])
        }
    }

    @Test
    func `a table's name that is taken gets a number, also in a merge`() throws {
        try notebook.execute("CREATE TABLE toy_terms_2_steps (note TEXT)")
        let run = try store.endToyRun(2)
        _ = try theirs.open().endToyRun(2)

        let summary = try store.maintenance.merge(theirs.path)

        #expect(run.plan.stepSchema.table == "toy_terms_2_steps_2")
        #expect(summary[.steps] == 10)
        #expect(try store.query("SELECT count(*) FROM toy_terms_2_steps_2").rows == [[.integer(20)]])
    }

    @Test
    func `a model of the same name with other columns is refused`() throws {
        _ = try store.endToyRun(2)
        var plan = NewRun.toy(2, dataset: try store.datasets.add(.sample()))
        plan.stepSchema = StepSchema(model: "toy:terms=2", parameters: ["a", "b"])

        let error = #expect(throws: TrackingError.self) { try store.runs.add(plan, provenance: .sample()) }

        #expect(error?.code == .conflict)
        #expect(try store.runs.all().count == 1)
    }

    @Test
    func `the view of the excess is the loss surface's, bit for bit`() throws {
        let surface = LossSurface(
            parameters: ["c0", "c1", "c2"], optimum: [0.3, -0.0, 2.1], minimumLoss: 0.5,
            hessian: [[1.1, 0.3, -0.2], [0.3, 2.7, 0.9], [-0.2, 0.9, 1.7]], sampleCount: 3)
        var dataset = Dataset.sample()
        dataset.lossSurfaces = ["toy:terms=3": surface]
        let run = try store.endToyRun(3, on: dataset)

        let excess = try store.query("SELECT excess FROM excess WHERE run_id = \(run.id) ORDER BY step").rows

        let expected = try store.steps.all(ofRun: run.id).map { row in
            surface.excess(at: Array(row.values[2..<5]), loss: .halfSum)
        }
        #expect(excess == expected.map { [.real($0 ?? .nan)] })
        #expect(try store.datasets.find(id: run.trainingData).lossSurfaces == ["toy:terms=3": surface])
        #expect(try store.datasets.find(id: run.trainingData).lossSurfaces["toy:terms=3"]?.optimum?[1].sign == .minus)
    }

    @Test
    func `runs of a removed model leave no row behind`() throws {
        let run = try store.endToyRun(4)
        try store.runs.delete([run.id]) { _ in true }

        let summary = try store.runs.removeDeleted()

        #expect(summary.steps == 10)
        #expect(try store.query("SELECT count(*) FROM toy_terms_4_steps").rows == [[.integer(0)]])
    }

    @Test
    func `what is known of every table of steps can be asked for`() throws {
        _ = try store.endToyRun(2)

        let entry = try store.schema().first { $0.name == "toy_terms_2_steps" }

        #expect(entry?.explanation == "one row per step of toy:terms=2: loss, c0, c1, gradients, learning rate")
    }
}

extension StepSchema {
    fileprivate static func toy(_ terms: Int) -> StepSchema {
        StepSchema(model: "toy:terms=\(terms)", parameters: (0..<terms).map { "c\($0)" })
    }
}

extension NewRun {
    fileprivate static func toy(_ terms: Int, dataset: Int64) -> NewRun {
        var plan = NewRun.sample(dataset: dataset)
        plan.stepSchema = .toy(terms)
        plan.steps = 10
        plan.config =
            #"{"loss":"half-sum","model":"toy:terms=\#(terms)","optimizer":{"lr":0.1,"name":"sgd"},"steps":10}"#
        plan.configHash = "toy-\(terms)"
        return plan
    }
}

extension Store {
    fileprivate func startToyRun(_ terms: Int, on dataset: Dataset = .sample()) throws -> Run {
        let id = try runs.add(.toy(terms, dataset: datasets.add(dataset)), provenance: .sample())
        return try runs.start(id, as: .sample())
    }

    /// Loss and learning rate, then c0 = step and so on, and gradients.
    fileprivate func toyRows(_ terms: Int) throws -> [StepRow] {
        (0..<10).map { step in
            let parameters: [Double] = (0..<terms).map { Double(step) + 0.25 * Double($0) }
            let gradients = [Double](repeating: -Double(step), count: terms)
            let values: [Double] = [1 / Double(step + 1), 0.1] + parameters + gradients
            return StepRow(step: step, epoch: step, elapsedNanoseconds: step, values: values)
        }
    }

    fileprivate func endToyRun(_ terms: Int, on dataset: Dataset = .sample()) throws -> Run {
        let run = try startToyRun(terms, on: dataset)
        try write(toyRows(terms), ofRun: run)
        try runs.finish(
            run.id, attempt: run.attempt,
            outcome: RunOutcome(
                state: .done, stepsDone: 10, finalLoss: 0.05, bestLoss: 0.1, bestStep: 9,
                parameters: (0..<terms).map { ParameterValues(name: "c\($0)", initial: 0, final: 10 * Double($0)) }))
        return try self.runs.find(id: run.id)
    }
}

extension Database {
    /// Name, type, whether it must have a value, and place in the key of each column.
    fileprivate func columns(in table: String) throws -> [String] {
        try Row.fetchAll(self, sql: #"SELECT name, type, "notnull", pk FROM pragma_table_info(?)"#, arguments: [table])
            .map { "\($0[0] as String) \($0[1] as String) \($0[2] as Int) \($0[3] as Int)" }
    }
}
