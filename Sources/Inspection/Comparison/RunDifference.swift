package import Tracking

/// Where two runs differ first: the step, and the stored bits that are not the same.
package struct RunDifference: Sendable, Equatable {
    /// A number that differs.
    package struct Value: Sendable, Equatable {
        package let column: String
        package let first: Double
        package let second: Double
        /// In units in the last place of the coarser number type of the two runs; nil if one number is NaN.
        package let ulps: UInt64?
    }

    /// How the steps of the two runs differ.
    package enum Kind: Sendable, Equatable {
        /// Both have the same steps with the same bits.
        case equal
        /// One has all steps of the other and more.
        case shorter(run: Int64)
        /// At the step, in the order in which a step computes: epoch, learning rate, parameters, loss, gradients.
        case different([Value])
    }

    /// The first step that was compared: the first that both runs have.
    package let begin: Int
    /// The first step that is not the same in both, or the one after the last if all are.
    package let step: Int
    package let kind: Kind

    package var differences: [Value] {
        if case .different(let differences) = kind { differences } else { [] }
    }

    /// Reads both runs side by side, up to the first difference, a block of steps at a time.
    ///
    /// - Throws: `conflict` for a recorded run, whose steps are no computation of this program.
    package init(_ first: Run, _ second: Run, in store: Store) throws {
        for run in [first, second] { try run.mustBeTrained() }
        let isFloat = first.plan.dtype == "float32" || second.plan.dtype == "float32"
        let columns = try Self.columns(store.steps.schema(ofRun: first.id), store.steps.schema(ofRun: second.id))
        begin = try max(store.steps.first(ofRun: first.id) ?? 0, store.steps.first(ofRun: second.id) ?? 0)
        var lowerBound = begin
        while true {
            let range = lowerBound..<lowerBound + Self.blockSize
            let (a, b) = (
                try store.steps.all(ofRun: first.id, in: range), try store.steps.all(ofRun: second.id, in: range)
            )
            for (a, b) in zip(a, b) {
                let differences = Self.differences(a, b, in: columns, isFloat: isFloat)
                guard differences.isEmpty else {
                    (step, kind) = (min(a.step, b.step), .different(differences))
                    return
                }
            }
            guard a.count == b.count else {
                let end = (a.count < b.count ? b : a)[min(a.count, b.count)].step
                (step, kind) = (end, .shorter(run: a.count < b.count ? first.id : second.id))
                return
            }
            guard a.count == Self.blockSize else {
                (step, kind) = (a.last.map { $0.step + 1 } ?? lowerBound, .equal)
                return
            }
            lowerBound += Self.blockSize
        }
    }

    private static let blockSize = 4096

    /// A column that both runs have.
    private struct SharedColumn {
        let name: String
        let role: StepSchema.Column.Role
        /// Its places among the values of each run.
        let first: Int
        let second: Int
    }

    /// In the order in which a step computes them.
    private static func columns(_ first: StepSchema, _ second: StepSchema) -> [SharedColumn] {
        let roles: [StepSchema.Column.Role] = [.learningRate, .parameter, .loss, .gradient]
        return roles.flatMap { role in
            first.indices(of: role).compactMap { index in
                let column = first.columns[index]
                return second.index(of: role, column.parameter).map {
                    SharedColumn(name: column.name, role: role, first: index, second: $0)
                }
            }
        }
    }

    private static func differences(
        _ a: StepRow, _ b: StepRow, in columns: [SharedColumn], isFloat: Bool
    ) -> [Value] {
        var differences: [Value] = []
        func compare(_ column: String, _ first: Double, _ second: Double, isFloat: Bool) {
            guard first.bitPattern != second.bitPattern else { return }
            differences.append(
                Value(
                    column: column, first: first, second: second,
                    ulps: isFloat ? BitDistance.ulps(Float(first), Float(second)) : BitDistance.ulps(first, second)))
        }
        compare("step", Double(a.step), Double(b.step), isFloat: isFloat)
        compare("epoch", Double(a.epoch), Double(b.epoch), isFloat: isFloat)
        for column in columns {
            // A learning rate is a 64-bit number in every run.
            compare(
                column.name, a.values[column.first], b.values[column.second],
                isFloat: isFloat && column.role != .learningRate)
        }
        return differences
    }
}

/// How far two numbers are apart, counted in representable numbers between them (units in the last place).
enum BitDistance {
    /// Nil if one of them is NaN and the other is not the same bits.
    static func ulps(_ a: Double, _ b: Double) -> UInt64? {
        if a.bitPattern == b.bitPattern { return 0 }
        guard !a.isNaN, !b.isNaN else { return nil }
        return distance(ordered(a.bitPattern, signBit: 1 << 63), ordered(b.bitPattern, signBit: 1 << 63))
    }

    /// The same among 32-bit numbers.
    static func ulps(_ a: Float, _ b: Float) -> UInt64? {
        if a.bitPattern == b.bitPattern { return 0 }
        guard !a.isNaN, !b.isNaN else { return nil }
        return distance(
            ordered(UInt64(a.bitPattern), signBit: 1 << 31), ordered(UInt64(b.bitPattern), signBit: 1 << 31))
    }

    /// IEEE numbers of one sign are in the order of their bits.
    private static func ordered(_ bits: UInt64, signBit: UInt64) -> (isNegative: Bool, magnitude: UInt64) {
        (bits & signBit != 0, bits & (signBit - 1))
    }

    /// From -0.0 to 0.0 it is one step, because their bits differ.
    private static func distance(
        _ a: (isNegative: Bool, magnitude: UInt64), _ b: (isNegative: Bool, magnitude: UInt64)
    ) -> UInt64 {
        guard a.isNegative == b.isNegative else { return a.magnitude + b.magnitude + 1 }
        return max(a.magnitude, b.magnitude) - min(a.magnitude, b.magnitude)
    }
}
