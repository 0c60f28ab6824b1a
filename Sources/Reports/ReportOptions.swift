/// How a report is written.
package struct ReportOptions: Sendable, Equatable {
    /// `curves.csv` has every so manieth step, and the last of each run; statistics always use all steps.
    package var stride: Int
    /// Leaves out everything that depends on the time or the machine.
    package var isReproducible: Bool
    /// What counts as a success; nil means the sweep's own target, else ``ReportTarget/standard``.
    package var target: ReportTarget?
    /// The optimizer that all others are compared with; nil means every pair.
    package var baseline: String?
    /// The seeds on which each optimizer's configuration is chosen; what is reported of it is then seen on the others.
    package var tuningSeeds: Set<Int64>

    package init(
        stride: Int = 1, isReproducible: Bool = false, target: ReportTarget? = nil, baseline: String? = nil,
        tuningSeeds: Set<Int64> = []
    ) {
        precondition(stride >= 1, "one step in \(stride)")
        self.stride = stride
        self.isReproducible = isReproducible
        self.target = target
        self.baseline = baseline
        self.tuningSeeds = tuningSeeds
    }
}
