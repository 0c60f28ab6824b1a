import Tracking

/// The process that trains, and what it knows of the world around it.
struct ProcessContext: Sendable {
    let origin: Provenance
    /// Nanoseconds since some fixed moment, never going back.
    let clock: @Sendable () -> Int
    /// Whether another process still exists; nil of one it cannot know.
    let isAlive: @Sendable (ProcessIdentity) -> Bool?
    /// Whether somebody wants it to end; asked after every step.
    let isStopping: @Sendable () -> Bool
}
