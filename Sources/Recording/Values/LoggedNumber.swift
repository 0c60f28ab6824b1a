/// A number that a program recorded; equal to another if type and bits are.
package enum LoggedNumber: Sendable {
    case real(Double)
    case integer(Int64)

    var value: LoggedValue {
        switch self {
        case .real(let number): .real(number)
        case .integer(let number): .integer(number)
        }
    }
}

extension LoggedNumber: Hashable {
    package static func == (first: Self, second: Self) -> Bool { first.value == second.value }

    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
