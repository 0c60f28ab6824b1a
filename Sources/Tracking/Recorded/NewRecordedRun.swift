/// A recorded run before it starts.
package struct NewRecordedRun: Sendable {
    /// 32 hexadecimal digits, the same in every copy of the run.
    package var identity: String
    package var name: String?
    package var experiment: String?
    package var configuration: RecordedConfiguration
    package var tags: [String] = []
    package var note: String?
    /// Where it runs: names and texts.
    package var environment: [String: String] = [:]

    package init(identity: String, configuration: RecordedConfiguration) {
        (self.identity, self.configuration) = (identity, configuration)
    }
}

/// What a recorded run said since it was stored last, to be stored in one transaction.
package struct RecordedChanges: Sendable {
    package struct Text: Sendable, Equatable {
        package let key: String
        package let step: Int64
        package let value: String

        package init(key: String, step: Int64, value: String) {
            (self.key, self.step, self.value) = (key, step, value)
        }
    }

    /// The norms of one tensor at a step.
    package struct Tensor: Sendable, Equatable {
        package let step: Int64
        package let name: String
        /// Of the values, of the gradient and of the last update; nil where nobody said.
        package let norms: [MetricValue?]
        package let nonfinite: Int64?

        package init(step: Int64, name: String, norms: [MetricValue?], nonfinite: Int64?) {
            precondition(norms.count == 3, "a tensor has 3 norms, not \(norms.count)")
            (self.step, self.name, self.norms, self.nonfinite) = (step, name, norms, nonfinite)
        }
    }

    /// A value that belongs to the run as a whole.
    package enum Final: Sendable, Equatable {
        case number(MetricValue)
        case text(String)
    }

    package struct File: Sendable, Equatable {
        package let path: String
        package let name: String?
        package let size: Int64
        package let sha256: String

        package init(path: String, name: String?, size: Int64, sha256: String) {
            (self.path, self.name, self.size, self.sha256) = (path, name, size, sha256)
        }
    }

    package struct Event: Sendable, Equatable {
        package let kind: String
        package let message: String

        package init(_ kind: String, _ message: String) {
            (self.kind, self.message) = (kind, message)
        }
    }

    /// Values of these keys are void from a step on: taken back before anything else is stored.
    package var superseded: [(key: String, from: Int64)] = []
    package var metrics = MetricBatch()
    package var texts: [Text] = []
    package var tensors: [Tensor] = []
    /// The last one of a key counts.
    package var summary: [(key: String, value: Final)] = []
    /// The whole of it, where it changed.
    package var configuration: RecordedConfiguration?
    package var name: String?
    package var experiment: String?
    package var tags: [String] = []
    package var notes: [String] = []
    package var files: [File] = []
    package var events: [Event] = []
    /// So many different steps were recorded so far; nil where that did not change.
    package var stepCount: Int?

    package init() {}

    package var isEmpty: Bool {
        metrics.rows.isEmpty && texts.isEmpty && tensors.isEmpty && summary.isEmpty && configuration == nil
            && name == nil
            && superseded.isEmpty && experiment == nil && tags.isEmpty && notes.isEmpty && files.isEmpty
            && events.isEmpty && stepCount == nil
    }

    /// Empties it, but for the shapes of the metrics.
    package mutating func removeAll() {
        var metrics = metrics
        metrics.removeRows()
        self = RecordedChanges()
        self.metrics = metrics
    }
}

/// The beginning and the end of what a program printed to one stream.
package struct StreamExcerpt: Sendable, Equatable {
    /// `stdout` or `stderr`.
    package let stream: String
    package let byteCount: Int64
    package let head: [UInt8]
    package let tail: [UInt8]

    package init(stream: String, byteCount: Int64, head: [UInt8], tail: [UInt8]) {
        (self.stream, self.byteCount, self.head, self.tail) = (stream, byteCount, head, tail)
    }
}

/// How a program ended, and what it used.
package struct ProcessUsage: Sendable, Equatable {
    /// Nil for one that a signal ended.
    package var exitCode: Int32?
    package var signal: Int32?
    package var userSeconds: Double?
    package var systemSeconds: Double?
    package var wallSeconds: Double?
    /// Bytes.
    package var peakMemory: Int64?

    package init(
        exitCode: Int32? = nil, signal: Int32? = nil, userSeconds: Double? = nil, systemSeconds: Double? = nil,
        wallSeconds: Double? = nil, peakMemory: Int64? = nil
    ) {
        (self.exitCode, self.signal) = (exitCode, signal)
        (self.userSeconds, self.systemSeconds, self.wallSeconds) = (userSeconds, systemSeconds, wallSeconds)
        self.peakMemory = peakMemory
    }
}
