/// A number with a limit of its own, which is compared with nothing.
struct Figure {
    let name: String
    let unit: String
    /// The most that `bench check` accepts.
    let limit: Double
    let measure: () -> Double
}
