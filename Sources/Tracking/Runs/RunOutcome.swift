/// How a run ended.
package struct RunOutcome: Sendable, Equatable {
    /// A final state: `done`, `diverged`, `failed`, `pruned` or `cancelled`.
    package let state: RunState
    package let stepsDone: Int
    package let divergedStep: Int?
    package let stateReason: String?
    /// The stopping rule that ended the run before its last step.
    package let stopReason: String?
    /// How often a loss and its gradients were computed; nil where nobody counted.
    package let evaluations: Int?
    /// The loss over all data before the first update; nil where nobody computed it.
    package let initialLoss: Double?
    /// NaN where there is none.
    package let finalLoss: Double
    /// NaN where there is none.
    package let bestLoss: Double
    package let bestStep: Int?
    package let parameters: [ParameterValues]

    package init(
        state: RunState, stepsDone: Int, divergedStep: Int? = nil, stateReason: String? = nil,
        stopReason: String? = nil, evaluations: Int? = nil, initialLoss: Double? = nil, finalLoss: Double,
        bestLoss: Double, bestStep: Int?, parameters: [ParameterValues]
    ) {
        precondition(state.isFinal, "a run ends in a final state, not as '\(state)'")
        self.state = state
        self.stepsDone = stepsDone
        self.divergedStep = divergedStep
        self.stateReason = stateReason
        self.stopReason = stopReason
        self.evaluations = evaluations
        self.initialLoss = initialLoss
        self.finalLoss = finalLoss
        self.bestLoss = bestLoss
        self.bestStep = bestStep
        self.parameters = parameters
    }
}
