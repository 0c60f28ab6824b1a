import TextFormats
package import Tracking

/// What came out of training a stored run again.
package struct RunVerification: Sendable {
    /// So many discrepancies are kept of a run.
    static let limit = 20

    package let run: Int64
    /// How many stored steps were compared.
    package internal(set) var stepCount = 0
    /// How many steps have a value that differs, and the first of them.
    package internal(set) var differingSteps = 0
    package internal(set) var firstDifferingStep: Int?
    /// The last step that was compared.
    var lastStep = 0
    /// What differs, the first ones.
    package private(set) var discrepancies: [Discrepancy] = []
    /// How many values differ in all.
    package private(set) var discrepancyCount = 0
    /// What of this run's computation comes from the platform's mathematical library, as "pow (asgd)".
    package internal(set) var platformFunctions: [String] = []

    /// Whether no step was compared because the configuration, or the data, cannot be found again.
    package internal(set) var hasLostConfiguration = false
    package internal(set) var hasLostData = false
    /// Why the configuration cannot be trained though it has the recorded hash; nil where it can, or is lost otherwise.
    package internal(set) var refusal: String?

    package var isClean: Bool { discrepancyCount == 0 && !hasLostConfiguration && !hasLostData }

    /// Whether nearly every step from the first differing one on differs: then no row was changed, but something else
    /// was computed.
    package var isOtherComputation: Bool {
        guard let firstDifferingStep, differingSteps > 2 else { return false }
        return 2 * Double(differingSteps) > Double(lastStep) - Double(firstDifferingStep)
    }

    init(run: Int64) {
        self.run = run
    }

    mutating func compare(_ column: String, step: Int? = nil, _ stored: SQLValue, _ computed: SQLValue) {
        guard stored != computed else { return }
        discrepancyCount += 1
        guard discrepancies.count < Self.limit else { return }
        discrepancies.append(
            Discrepancy(run: run, step: step, column: column, stored: stored, computed: computed))
    }

    /// Compares those columns of a stored row that are computed; `prefix` names table and row.
    mutating func compare(_ prefix: String = "", _ stored: [String: SQLValue], _ computed: [String: SQLValue]) {
        for (column, value) in computed.sorted(by: { $0.key < $1.key }) {
            compare(prefix + column, stored[column] ?? .null, value)
        }
    }
}

/// A stored value that is not what its run computes.
package struct Discrepancy: Sendable, Equatable {
    package let run: Int64
    /// Nil for what is stored once for the whole run.
    package let step: Int?
    /// A column of the steps or of `runs`; of another table with that table's name and row, as `dataset_rows[17].x`.
    package let column: String
    /// NULL, too, where a row is missing.
    package let stored: SQLValue
    /// NULL, too, where there should be no row; `lost` where it cannot be found again.
    package let computed: SQLValue
}

extension SQLValue {
    /// What stands for a value that was changed beyond recognition.
    package static let lost = SQLValue.text("lost")
}

/// What is to be verified: runs, and of sweeps that are named their plans.
package struct VerificationSubject: Sendable {
    package let title: String
    /// In the order of ids.
    package let runs: [Run]
    /// Those of which all runs were named by one word.
    package let sweeps: [Sweep]

    /// Finds what these words mean.
    ///
    /// Of more than `sample` runs so many are taken: those with the lowest configuration hashes, which is as good as drawn
    /// at random, and always the same.
    package init(_ words: [String], sample: Int? = nil, in finder: RunFinder) throws(TrackingError) {
        let finder = finder.toleratingDamage
        let meaning = try finder.meaning(of: words)
        let all = try finder.runs(of: meaning)
        let sampled = all.sorted { ($0.plan.configHash, $0.id) < ($1.plan.configHash, $1.id) }
            .prefix(sample ?? all.count)
        runs = sampled.sorted { $0.id < $1.id }
        var sweeps: [Sweep] = []
        for word in words {
            let meant = try words.count == 1 ? meaning : finder.meaning(of: [word])
            guard case .sweep(let sweep, nil) = meant else { continue }
            if !sweeps.contains(where: { $0.id == sweep.id }) { sweeps.append(sweep) }
        }
        self.sweeps = sweeps
        var name: String?
        if case .sweep(let sweep, nil) = meaning { name = "the sweep \(sweep.plan.name)" }
        if sampled.count < all.count {
            title = "\(sampled.count) of the \(all.count.counted("run"))\(name.map { " of \($0)" } ?? "")"
        } else {
            title = name ?? all.map(\.id).runsInWords
        }
    }
}
