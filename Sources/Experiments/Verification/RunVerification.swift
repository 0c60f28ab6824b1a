import Tracking

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

    package var isClean: Bool { discrepancyCount == 0 && !hasLostConfiguration && !hasLostData }

    /// Whether nearly every step from the first differing one on differs: then no row was changed, but something else
    /// was computed.
    package var isOtherComputation: Bool {
        guard let firstDifferingStep, differingSteps > 2 else { return false }
        return 2 * differingSteps > lastStep - firstDifferingStep
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
