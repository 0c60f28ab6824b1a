package import Theory

/// How the values that training sees came from those in the file:
/// x is original x / `xDivisor`, y is (original y - `yOffset`) / `yDivisor`.
///
/// x is never shifted, because the model has no linear term that could undo it.
package struct Scaling: Sendable, Equatable {
    package let xDivisor: Double
    package let yDivisor: Double
    package let yOffset: Double

    package init(xDivisor: Double, yDivisor: Double, yOffset: Double) {
        self.xDivisor = xDivisor
        self.yDivisor = yDivisor
        self.yOffset = yOffset
    }

    /// The data as they are.
    package static let none = Scaling(xDivisor: 1, yDivisor: 1, yOffset: 0)

    /// x divided by its largest magnitude, y standardized with the population standard deviation.
    ///
    /// A column that is constant (for x: all zero) is left undivided.
    package static func normalizing(x: [Double], y: [Double]) -> Scaling {
        let count = Double(y.count)
        let largest = x.reduce(0) { max($0, abs($1)) }
        let mean = y.reduce(0, +) / count
        let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        return Scaling(
            xDivisor: largest > 0 ? largest : 1, yDivisor: variance > 0 ? variance.squareRoot() : 1, yOffset: mean)
    }

    /// Scaled data.
    package func applied(x: [Double], y: [Double]) -> TrainingData {
        TrainingData(x: x.map { $0 / xDivisor }, y: y.map { ($0 - yOffset) / yDivisor }, scaling: self)
    }

    /// What undoes it in the parameters.
    package var units: Units { Units(xDivisor: xDivisor, yDivisor: yDivisor, yOffset: yOffset) }
}
