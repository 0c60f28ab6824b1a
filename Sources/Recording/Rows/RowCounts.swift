/// What open rows did not take.
package struct RowCounts: Sendable, Equatable {
    /// A value for a key that has another one at that step.
    package struct Conflict: Sendable, Equatable {
        package let step: Int64
        package let key: LoggedKey
        package let kept: LoggedValue
        package let second: LoggedValue
    }

    package static let keptConflicts = 8

    /// Values that came again with the same bits.
    package var repetitions = 0
    package private(set) var conflicts = 0
    /// The first few of them.
    package private(set) var firstConflicts: [Conflict] = []
    /// Values of too many groups, of too wide a row, or behind the largest step.
    package var refusedValues = 0

    mutating func addConflict(_ step: Int64, _ key: LoggedKey, _ kept: LoggedValue, _ second: LoggedValue) {
        conflicts += 1
        if firstConflicts.count < Self.keptConflicts {
            firstConflicts.append(Conflict(step: step, key: key, kept: kept, second: second))
        }
    }
}
