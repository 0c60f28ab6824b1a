import GRDB

/// How one notebook is merged into another.
package struct MergeRequest {
    /// What merges, for those who want to do it again; nil to record nothing.
    var command: String?
    /// How what comes in is called where its name is taken; nil refuses it.
    var renaming: MergeRenaming?
    /// Says what would be brought, and changes nothing.
    var isDryRun: Bool
    /// Told after each run how far it is.
    var progress: (MergeProgress) -> Void

    package init(
        command: String? = nil, renaming: MergeRenaming? = nil, isDryRun: Bool = false,
        progress: @escaping (MergeProgress) -> Void = { _ in }
    ) {
        self.command = command
        self.renaming = renaming
        self.isDryRun = isDryRun
        self.progress = progress
    }
}

/// How far a merge is.
package struct MergeProgress: Sendable, Equatable {
    package internal(set) var runsDone = 0
    package let runs: Int
    package internal(set) var stepsDone = 0
    package let steps: Int
}

/// Counts the runs of a merge as they are compared or brought in.
struct MergeMeter {
    private let report: (MergeProgress) -> Void
    private var progress: MergeProgress

    init(_ database: Database, report: @escaping (MergeProgress) -> Void) throws {
        self.report = report
        let row = try Row.fetchOne(
            database, sql: "SELECT count(*), total(steps_done) FROM other.runs WHERE deleted_at IS NULL")
        progress = MergeProgress(runs: row?[0] ?? 0, steps: (row?[1] as Double?).flatMap { Int(exactly: $0) } ?? 0)
    }

    mutating func count(_ steps: Int) {
        progress.runsDone += 1
        progress.stepsDone = progress.stepsDone.addingReportingOverflow(steps).partialValue
        report(progress)
    }
}
