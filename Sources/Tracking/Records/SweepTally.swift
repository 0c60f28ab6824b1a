/// How far a sweep is, counted from its rows.
package struct SweepTally: Sendable, Equatable {
    /// The runs of one state.
    package struct Count: Sendable, Equatable {
        package let state: RunState
        package let runs: Int
        package let stepsPlanned: Int
        /// Steps that are stored, whether or not their run has ended.
        package let stepsRecorded: Int
    }

    /// One entry per state that some run is in, in the order of ``RunState``.
    package let counts: [Count]
    /// What all workers together have trained lately; nil when there is nothing to tell it by.
    package let stepsPerSecond: Double?

    package func runs(_ state: RunState) -> Int {
        counts.first { $0.state == state }?.runs ?? 0
    }

    package var runsEnded: Int { ended.reduce(0) { $0 + $1.runs } }
    package var stepsRecorded: Int { counts.reduce(0) { $0 + $1.stepsRecorded } }
    /// Steps that may still come; what has ended is complete, however early it ended.
    package var stepsLeft: Int {
        counts.filter { !$0.state.isFinal }.reduce(0) { $0 + $1.stepsPlanned - $1.stepsRecorded }
    }

    /// How long the rest takes if it goes on as in the last minute.
    package var secondsLeft: Double? {
        stepsPerSecond.flatMap { $0 > 0 ? Double(stepsLeft) / $0 : nil }
    }

    private var ended: [Count] { counts.filter(\.state.isFinal) }
}
