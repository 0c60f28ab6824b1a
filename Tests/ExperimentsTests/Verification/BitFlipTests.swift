import GRDB
import TestSupport
import Testing

@testable import Experiments
@testable import Tracking

/// Single bits that change anywhere in a notebook, against what verification says of them.
@Suite(.timeLimit(.minutes(5)))
struct BitFlipTests {
    private let notebook: VerifiedNotebook

    init() throws {
        notebook = try VerifiedNotebook(VerifiedNotebook.kinds + (TestTier.isLong ? VerifiedNotebook.more : []))
        try notebook.addForks(of: 0)
        try notebook.interruptAndResume(6)
    }

    @Test
    func `each single bit that changes in a stored row is found and named, and nothing else is`() throws {
        let seed = TestTier.seed
        var stream = SplitMix(seed: seed)
        for run in notebook.runs { #expect(try notebook.verify(run).isClean, "run \(run)") }
        for trial in 0..<(TestTier.isLong ? 2000 : 240) {
            let flip = try notebook.database.write { try BitFlip(in: $0, &stream) }
            // Another row may be where a key has one bit turned.
            guard (try? notebook.database.write { try flip.apply(to: $0) }) != nil else { continue }
            let (run, step, column) = try whereabouts(of: flip)

            let verification = try notebook.verify(run)

            let isNamed = verification.discrepancies.contains { $0.step == step && $0.column == column }
            #expect(isNamed, "seed \(seed), \(trial): \(flip) gave \(verification.discrepancies)")
            if flip.place.table != "runs", !flip.movesRow {
                #expect(verification.discrepancyCount == 1, "seed \(seed), \(trial): \(flip)")
            }
            // Only of a number that became NaN nothing is left.
            #expect(verification.stepCount > 0 || flip.isNaN, "seed \(seed), \(trial): \(flip)")
            try notebook.database.write { try flip.undo(in: $0) }
        }
        for run in notebook.runs { #expect(try notebook.verify(run).isClean, "seed \(seed): run \(run)") }
    }

    /// The run that a changed row belongs to, and what a discrepancy calls the place.
    private func whereabouts(of flip: BitFlip) throws -> (run: Int64, step: Int?, column: String) {
        let key = try #require(Int64.fromDatabaseValue(flip.keys[0]))
        let table = flip.place.table
        let isData = table.hasPrefix("dataset") || table == "optima"
        let run =
            isData
            ? try #require(
                try notebook.database.read {
                    try Int64.fetchOne($0, sql: "SELECT id FROM runs WHERE dataset_id = ?", arguments: [key])
                }) : key
        switch table {
        case "quadratic_steps": return (run, Int.fromDatabaseValue(flip.keys[1]), flip.column)
        case "runs": return (run, nil, flip.column)
        case "datasets": return (run, nil, "datasets.\(flip.column)")
        default:
            let row = try #require(flip.keys.last)
            return (run, nil, "\(table)[\(String.fromDatabaseValue(row) ?? "\(row)")].\(flip.column)")
        }
    }
}

extension BitFlip {
    fileprivate var isNaN: Bool {
        Double.fromDatabaseValue(new)?.isNaN ?? false
    }
}
