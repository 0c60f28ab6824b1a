import Tracking

/// What a program recorded under one key.
///
/// Two values are equal if their bits are: -0.0 is not 0.0, the integer 1 is not 1.0, and a NaN equals a NaN of the same payload.
package enum LoggedValue: Sendable {
    case real(Double)
    case integer(Int64)
    case text(String)

    /// The number as a 64-bit float, rounded for integers beyond 2^53; nil for a text.
    package var double: Double? {
        switch self {
        case .real(let value): value
        case .integer(let value): Double(value)
        case .text: nil
        }
    }
}

extension LoggedValue: Hashable {
    package static func == (first: Self, second: Self) -> Bool {
        switch (first, second) {
        case (.real(let first), .real(let second)): first.bitPattern == second.bitPattern
        case (.integer(let first), .integer(let second)): first == second
        // Equal as Swift has it would also be é in one scalar and in two.
        case (.text(let first), .text(let second)): first.utf8.elementsEqual(second.utf8)
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .real(let value): hasher.combine(value.bitPattern)
        case .integer(let value): hasher.combine(value)
        case .text(let value): for byte in value.utf8 { hasher.combine(byte) }
        }
    }
}

extension MetricValue {
    var value: LoggedValue {
        switch self {
        case .real(let number): .real(number)
        case .integer(let number): .integer(number)
        }
    }
}
