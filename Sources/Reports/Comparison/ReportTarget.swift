import TextFormats

/// What a run is to reach: what its success and its running time are compared with.
package struct ReportTarget: Sendable, Equatable {
    private enum Quantity: Equatable {
        case excess, loss
        /// The excess as a fraction of the smallest possible loss.
        case relativeExcess
    }

    private let quantity: Quantity
    private let value: Double
    /// As it was given, for instance `excess=1e-6`.
    package let text: String

    /// An excess of one hundredth of the smallest possible loss: chosen before any run, because it depends on the data
    /// alone.
    package static let standard = ReportTarget(.relativeExcess, 0.01, "excess=1%")

    private init(_ quantity: Quantity, _ value: Double, _ text: String) {
        (self.quantity, self.value, self.text) = (quantity, value, text)
    }

    /// Reads `excess=1e-6` (above the smallest possible loss), `excess=1%` (of it) or `loss=1e-3` (over all data).
    package init(text: String) throws(ReportError) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isRelative = sides.count == 2 && sides[0] == "excess" && sides[1].hasSuffix("%")
        let number = sides.count == 2 ? Double(isRelative ? String(sides[1].dropLast()) : sides[1]) : nil
        guard let number, number > 0, number.isFinite, ["excess", "loss"].contains(sides[0]) else {
            throw ReportError(
                .badTarget, "'\(text)' is no target", advice: "write excess=1e-6, excess=1% or loss=1e-3")
        }
        if isRelative {
            self.init(.relativeExcess, number / 100, text)
        } else {
            self.init(sides[0] == "loss" ? .loss : .excess, number, text)
        }
    }

    /// The excess from which on a run on `problem` has succeeded.
    ///
    /// Nil where the problem's minimum is not unique, or where its smallest loss is 0 and the target a part of it.
    /// Throws where no run can get there: below the smallest possible loss, or so close to it that rounding decides.
    func excess(on problem: OptimizationProblem) throws(ReportError) -> Double? {
        guard let minimum = problem.minimumLoss else { return nil }
        let excess =
            switch quantity {
            case .excess: value
            case .relativeExcess: value * minimum
            case .loss: value - minimum
            }
        if quantity == .relativeExcess, excess < problem.excessFloor { return nil }
        guard excess >= problem.excessFloor else {
            let reason =
                excess <= 0
                ? "the smallest possible loss is \(minimum)"
                : "an excess of \(excess) cannot be told from rounding in \(problem.dtype)"
            throw ReportError(.badTarget, "the target \(text) is out of reach: \(reason)", advice: "give a larger one")
        }
        return excess
    }
}
