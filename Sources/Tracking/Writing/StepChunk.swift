/// Rows of one run that were handed over together.
struct StepChunk: Sendable {
    let attempt: RunAttempt
    /// In the order of steps.
    let rows: [QuadraticStep]
}
