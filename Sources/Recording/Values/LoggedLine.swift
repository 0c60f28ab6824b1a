package import TextFormats

/// What one line or one frame of the protocol says.
package struct LoggedLine: Sendable, Equatable {
    /// Nil where none is given: the last step of each group plus one.
    package var step: Int64?
    /// Seconds since 1970.
    package var time: Double?
    package var processID: UInt32?
    /// Nested objects and lists are flat, in the order in which they stand; each key once.
    package var values: [LoggedEntry] = []
    /// What else the line says, in its order.
    package var declarations: [LoggedDeclaration] = []
    /// Values that came twice in the line under one key, of which the first is kept.
    package var duplicates = 0
    /// Places where bytes were no UTF-8, or half of a surrogate pair was missing; each is now U+FFFD.
    package var repairs = 0
    package var refusals = Refusals()

    package init(step: Int64? = nil, values: [LoggedEntry] = []) {
        (self.step, self.values) = (step, values)
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.step == second.step && first.time?.bitPattern == second.time?.bitPattern
            && first.processID == second.processID && first.values == second.values
            && first.declarations == second.declarations && first.duplicates == second.duplicates
            && first.repairs == second.repairs && first.refusals == second.refusals
    }
}

/// What was left out of a line, a sentence for each, of which the first few are kept.
package struct Refusals: Sendable, Equatable {
    package static let keptSentences = 8

    package private(set) var count = 0
    package private(set) var sentences: [String] = []

    package var isEmpty: Bool { count == 0 }

    package mutating func add(_ sentence: String) {
        count += 1
        if sentences.count < Self.keptSentences { sentences.append(sentence) }
    }
}

/// What a line says besides values: the keys that begin with `@`.
package enum LoggedDeclaration: Sendable, Equatable {
    /// Settings of the run, to be merged with those before; numbers as they are written, NaN and infinities as texts.
    case config([JSONValue.Member])
    /// Final values.
    case summary([LoggedEntry])
    case tags([String])
    case note(String)
    /// The name of the run, and of the experiment that it belongs to.
    case name(String)
    case experiment(String)
    /// Of which run the lines are that a client kept in a file: its identity.
    case spool(String)
    case file(LoggedFile)
    /// Of the line's step.
    case tensors([LoggedTensor])
    case keys(KeyList)
    case end(LoggedEnd)
}

/// A file that belongs to the run.
package struct LoggedFile: Sendable, Equatable {
    package let path: String
    package let name: String?
}

/// The norms of one tensor at a step, as far as they are given.
package struct LoggedTensor: Sendable, Equatable {
    package let name: String
    package var norm: LoggedValue?
    package var gradientNorm: LoggedValue?
    package var updateNorm: LoggedValue?
    package var nonfinite: LoggedValue?
}

/// How the program says that its run ended.
package struct LoggedEnd: Sendable, Equatable {
    package enum State: String, Sendable {
        case done
        case failed
    }

    package let state: State
    package let reason: String?
}

/// The keys of a process's frames of one number.
package struct KeyList: Sendable, Equatable {
    /// Frames have 4096 bytes at most, of which 14 are not values.
    package static let largestCount = (4096 - 14) / 8

    package let number: UInt8
    /// Nil where a value is to be left out because its key was refused.
    package let keys: [LoggedKey?]
}
