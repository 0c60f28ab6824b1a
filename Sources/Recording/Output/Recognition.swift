/// What a line of output holds, and why.
package struct Recognition: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case jsonObject = "a JSON object"
        case pythonDictionary = "a Python dictionary"
        case pairs = "keys with values"
        case progress = "a progress bar with values"
        case tableHeader = "the header of a table"
        case tableRow = "a row of a table"
        case pattern = "a match of the pattern"
        /// Settings that a program repeats; no metrics.
        case configuration = "a configuration"
        /// The epoch of the lines that follow.
        case epoch = "the epoch of the next lines"
        case nothing = "no metrics"
    }

    package var kind: Kind
    package var step: RecognizedStep?
    /// Whether the step is the epoch of a line above: what the epoch prints last under a key counts.
    package var isOfEpoch = false
    package var values: [RecognizedValue] = []
    /// Of a configuration, as they are printed.
    package var settings: [RecognizedSetting] = []
    /// What looks like a value and is not taken.
    package var refused: [RefusedValue] = []
    /// Why nothing is taken, as a clause; nil where something is.
    package var reason: String?

    /// The values as a line of the protocol; nil where there are none.
    package var line: LoggedLine? {
        guard !values.isEmpty else { return nil }
        return LoggedLine(step: step?.value, values: values.map { LoggedEntry($0.name, $0.value) })
    }

    static func nothing(_ reason: String) -> Self {
        Self(kind: .nothing, reason: reason)
    }
}

/// The step that a line names.
package struct RecognizedStep: Sendable, Equatable {
    /// As it is printed, such as `iter`.
    package let name: String
    package let value: Int64
    /// 3300 in `250/3300`.
    package let total: Int64?
}

/// A value of a line of output.
package struct RecognizedValue: Sendable, Equatable {
    package let name: String
    package let value: LoggedValue
    /// Nil for a text.
    package let precision: PrintedPrecision?
    package let unit: String?
}

/// A setting that a program printed.
package struct RecognizedSetting: Sendable, Equatable {
    package let name: String
    package let text: String
}

/// What looks like a value and is not taken.
package struct RefusedValue: Sendable, Equatable {
    package let name: String
    package let text: String
    /// As a clause, such as "it is a text".
    package let reason: String
}
