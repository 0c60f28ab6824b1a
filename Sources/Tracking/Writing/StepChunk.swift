/// Rows of one run that were handed over together.
struct StepChunk: Sendable {
    let run: Int64
    let attempt: Int
    /// In the order of steps.
    let rows: [QuadraticStep]
}
