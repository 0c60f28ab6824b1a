/// One thing to measure beside a floor: the same work without the machinery under test.
struct BenchmarkCase {
    /// Which time is taken.
    enum Clock {
        /// Of the processor, in the thread that measures: undisturbed by other programs.
        case processor
        /// Of the world: for work that several threads share.
        case wall
    }

    /// What `bench run NAME` calls it, for instance `eager-step-float64`.
    let name: String
    /// What one unit of work is, for instance "step".
    let unit: String
    /// How many units one measurement runs.
    let units: Int
    /// The largest ratio of subject to floor that `bench check` accepts.
    let limit: Double
    /// The most nanoseconds that a unit of the subject may take beyond one of the floor; nil if the ratio says enough.
    var largestDifference: Double?
    /// How often it is measured.
    var rounds = 15
    var clock = Clock.processor
    /// What is measured; does `units` units of work.
    let subject: () -> Void
    /// What it is compared with; the same work and the same results.
    let floor: () -> Void
    /// Other work to compare with; whichever of the two floors takes longer counts.
    var otherFloor: (() -> Void)?
}
