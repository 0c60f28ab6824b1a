import Testing

@testable import Experiments
@testable import Tracking

/// Data that changed in a notebook, of files that may be gone.
@Suite(.timeLimit(.minutes(5)))
struct DataVerificationTests {
    private let notebook: VerifiedNotebook

    init() throws {
        notebook = try VerifiedNotebook([
            ([.data: "40.csv", .batchSize: "7", .scale: "normalize"], []),
            ([.data: "6.csv", .batchSize: "3"], []), ([.data: "9.csv", .batchSize: "3"], []),
            ([.batchSize: "5"], []), ([.batchSize: "5", .dataSeed: "8"], []),
        ])
    }

    /// `dataset_rows` of the first run, as SQL.
    private let rows = "dataset_id = 1 AND position"

    private func found(after sql: String) throws -> [String] {
        let sentences = try notebook.found(in: 0, after: sql)
        return sentences.map { $0.replacing("dataset_rows", with: "") }
    }

    @Test
    func `many changed samples are each found again, and every step is compared`() throws {
        try notebook.execute(
            """
            UPDATE dataset_rows SET x = -x WHERE \(rows) IN (1, 5, 39);
            UPDATE dataset_rows SET y = -y WHERE \(rows) IN (5, 12)
            """)

        let verification = try notebook.verify(notebook.runs[0])

        #expect(
            verification.discrepancies.map(\.column)
                == [1, 5, 5, 12, 39].enumerated().map {
                    "dataset_rows[\($1)].\([0, 1, 4].contains($0) ? "x" : "y")"
                })
        #expect(verification.discrepancies.allSatisfy { $0.computed != .lost })
        #expect(verification.stepCount == 20 && !verification.hasLostData)
    }

    @Test
    func `samples beyond one bit are named with their columns, and nothing is computed from them`() throws {
        let found = try found(
            after: """
                UPDATE dataset_rows SET x = 0.25 WHERE \(rows) = 2;
                UPDATE dataset_rows SET y = NULL WHERE \(rows) = 30;
                UPDATE dataset_rows SET y = -y WHERE \(rows) = 31
                """)
        let verification = try notebook.verify(notebook.runs[0])

        #expect(found.prefix(2) == [#"[2].x real(0.25) text("lost")"#, #"[30].y null text("lost")"#])
        #expect(found.count == 3 && found[2].hasPrefix("[31].y real("))
        #expect(verification.hasLostData && verification.stepCount == 0 && !verification.isClean)
    }

    @Test(arguments: ["x_checksum", "y_checksum"])
    func `a check that changed is named, however much, as its number is still that of the hash`(column: String) throws {
        let some = try found(after: "UPDATE dataset_rows SET \(column) = ~\(column) WHERE \(rows) = 3")
        #expect(some.count == 1 && some[0].hasPrefix("[3].\(column) integer("))
    }

    @Test
    func `a hash that changed entirely does not speak against samples that have their checks`() throws {
        let found = try found(after: "UPDATE datasets SET content_hash = 'none' WHERE id = 1")

        #expect(found.count == 1 && found[0].hasPrefix(#"datasets.content_hash text("none") text("#))
        #expect(try notebook.verify(notebook.runs[0]).stepCount == 20)
    }

    @Test
    func `a scaling that changed in one bit is found again`() throws {
        let found = try found(after: "UPDATE datasets SET y_divisor = -y_divisor WHERE id = 1")

        #expect(found.count == 1 && found[0].hasPrefix("datasets.y_divisor real(-"))
    }

    @Test
    func `missing samples are named by position`() throws {
        let found = try found(after: "DELETE FROM dataset_rows WHERE \(rows) IN (4, 38, 39)")

        #expect(found == [4, 38, 39].map { "[\($0)].position null integer(\($0))" })
        #expect(try notebook.verify(notebook.runs[0]).hasLostData)
    }

    @Test
    func `a sample at another position is found where it belongs`() throws {
        let found = try found(after: "UPDATE dataset_rows SET position = 3 + 1024 WHERE \(rows) = 3")

        #expect(found == ["[3].position null integer(3)", "[1027].position integer(1027) null"])
        #expect(try notebook.verify(notebook.runs[0]).stepCount == 20)
    }

    @Test(arguments: [(1, 3), (2, 2), (3, 1), (3, 5), (4, 4), (2, 99)])
    func `a run that refers to the data of another one is told its own`(place: Int, other: Int) throws {
        let own = try notebook.store.runs.find(id: notebook.runs[place]).trainingData
        let found = try notebook.found(
            in: place, after: "UPDATE runs SET dataset_id = \(other) WHERE id = \(notebook.runs[place])")

        #expect(found == (own == other ? [] : ["dataset_id integer(\(other)) integer(\(own))"]))
    }
}
