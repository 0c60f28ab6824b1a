import TextFormats

/// What a log that a program writes anyway holds next.
package enum FollowedItem: Sendable, Equatable {
    case line(LoggedLine)
    /// What the log calls its run.
    case run(FollowedRun)
    /// From here on the values of a key are stored in this precision; comes before the first of them.
    case precision(key: String, FollowedPrecision)
    /// Values of a key that came before this item are void from a step on: a restart writes them again. Whoever stores rows takes
    /// them back; what comes later of these steps is new.
    case superseded(key: String, from: Int64)
    /// Bytes that say nothing, at most ``UnreadableBytes/keptSize`` of them.
    case unreadable(UnreadableBytes)
    /// A sentence on what happened to the log, such as that it was truncated.
    case notice(String)
    /// A sentence that says why nothing more is read from one file.
    case stopped(String)
}

/// A log that a program writes while it is read.
package protocol FollowedLog: AnyObject {
    /// As `series` names it: `file`, `tensorboard` or `wandb`.
    var source: String { get }
    /// Where it is, as it was given.
    var path: String { get }
    var counts: FollowedCounts { get }

    /// Gives what is new to `body`, about `limit` bytes of it; whether there may be more.
    func poll(limit: Int, _ body: (FollowedItem) -> Void) -> Bool

    /// The program has ended: gives what is left.
    func finish(_ body: (FollowedItem) -> Void)
}

extension FollowedLog {
    /// Reads what is there before the program begins, which is not of its run, and forgets it.
    ///
    /// Returns why nothing can be read, as a sentence; nil where that is not known.
    package func skipExisting() -> String? {
        var failure: String?
        while poll(limit: 16 << 20, { if case .stopped(let sentence) = $0 { failure = failure ?? sentence } }) {}
        return failure
    }
}

/// What a log says of its run as a whole.
package struct FollowedRun: Sendable, Equatable {
    package var identifier: String?
    package var name: String?
    package var project: String?

    package init(identifier: String? = nil, name: String? = nil, project: String? = nil) {
        (self.identifier, self.name, self.project) = (identifier, name, project)
    }
}

/// How a log stores numbers; each value is given as the double of the same value.
package enum FollowedPrecision: String, Sendable {
    case float32
    case float64
    case integer
}

/// What was read from a log, and what was left out.
package struct FollowedCounts: Sendable, Equatable {
    /// Rows, events or records that gave a line.
    package var lines = 0
    /// Images, histograms, sounds, tables and the like.
    package var media = 0
    /// Values of an older file at steps that a newer one writes again, as far as this reader left them out.
    package var superseded = 0
    /// Records whose checksum does not match, or that cannot be read.
    package var damaged = 0
    /// Values without a step that can be stored, or with a key that cannot, or too many.
    package var refused = 0
    /// The first few refusals, each a sentence.
    package var refusals = Refusals()

    package init() {}

    mutating func refuse(_ sentence: String) {
        refused += 1
        refusals.add(sentence)
    }

    mutating func add(_ other: Self) {
        lines += other.lines
        media += other.media
        superseded += other.superseded
        damaged += other.damaged
        refused += other.refused
        for sentence in other.refusals.sentences { refusals.add(sentence) }
    }
}

/// Keys as logs name them.
enum FollowedKey {
    /// A value under a name, or a sentence that says why the name is no key.
    static func entry(_ name: String, _ value: LoggedValue) -> Result<LoggedEntry, LineError> {
        let entry = LoggedEntry(name, value)
        let size = name.utf8.count
        if size == 0 { return .failure(LineError("a key is empty; give the value a name")) }
        let largest = type(of: entry.key).largestSize
        if size > largest {
            return .failure(
                LineError("the key \(name.prefix(40).description.visible)… has \(size) bytes; \(largest) are the most"))
        }
        return .success(entry)
    }
}
