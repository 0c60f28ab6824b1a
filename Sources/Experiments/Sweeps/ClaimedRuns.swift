import Tracking

/// The queued runs that one worker takes, one after another.
///
/// While a short run is trained, the next one is claimed already: waiting for the writing thread would cost as much as
/// the training. What follows a long run is left to whoever is ready first, here or in another process.
struct ClaimedRuns {
    /// Nanoseconds of training below which a run is short.
    private static let shortRun = 50_000_000

    let sweep: Int64
    let writer: StepWriter
    let context: ProcessContext
    private var ahead: PendingClaim?
    /// When the worker was given its last run.
    private var given: Int?

    init(ofSweep sweep: Int64, writer: StepWriter, context: ProcessContext) {
        self.sweep = sweep
        self.writer = writer
        self.context = context
    }

    /// The next run to train, or nil when none is queued.
    mutating func next() throws -> Run? {
        let lastWasShort = given.map { context.clock() - $0 < Self.shortRun } ?? false
        let run = try (ahead.take() ?? request()).wait()
        if run != nil && lastWasShort { ahead = try request() }
        given = context.clock()
        return run
    }

    /// Queues again what was claimed and will not be trained.
    mutating func releaseUnused() throws {
        guard let run = try ahead.take()?.wait() else { return }
        try writer.release(run.id, attempt: run.attempt)
    }

    private func request() throws -> PendingClaim {
        try writer.requestNextRun(ofSweep: sweep, as: context.origin)
    }
}
