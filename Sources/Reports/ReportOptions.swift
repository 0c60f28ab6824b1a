/// How a report is written.
package struct ReportOptions: Sendable, Equatable {
    /// `curves.csv` has every so manieth step, and the last of each run; statistics always use all steps.
    package var stride: Int
    /// Leaves out everything that depends on the time or the machine.
    package var isReproducible: Bool

    package init(stride: Int = 1, isReproducible: Bool = false) {
        precondition(stride >= 1, "one step in \(stride)")
        self.stride = stride
        self.isReproducible = isReproducible
    }
}
