import Tracking

extension Notebook {
    /// A rung of a halving sweep with runs to carry out.
    package struct Rung: Sendable {
        /// Counted from 1.
        package let number: Int
        package let rungCount: Int
        package let configurationCount: Int
        package let runCount: Int
        package let steps: Int
    }

    /// The rung of a halving sweep that is to be carried out now; nil when there is none left.
    ///
    /// When all runs of a rung have ended they are ranked, and the runs of the next rung are queued: in one transaction,
    /// and once, however many processes ask.
    package func nextRung(ofSweep id: Int64) throws -> Rung? {
        while let ladder = try Ladder(ofSweep: id, in: store) {
            if let rung = ladder.openRung { return rung }
            let (table, runs) = try ladder.conclusion()
            _ = try store.addRung(
                table.rung, table: table.json(), kind: RungTable.eventKind, next: runs, toSweep: id, provenance: origin)
        }
        return nil
    }
}
