/// The samples a run is fitted to, in 64-bit floating point and in the units that training sees.
///
/// A 32-bit run rounds a model's features and y once when it starts. For data drawn in 32 bits and the feature x^2 this
/// is exact: the square of a 24-bit number fits into 53 bits, so rounding it afterwards is the 32-bit product.
package struct TrainingData: Sendable, Equatable {
    package let x: [Double]
    package let y: [Double]
    package let scaling: Scaling

    /// - Precondition: as many x as y, at least one.
    package init(x: [Double], y: [Double], scaling: Scaling = .none) {
        precondition(x.count == y.count && !x.isEmpty, "\(x.count) values of x for \(y.count) values of y")
        self.x = x
        self.y = y
        self.scaling = scaling
    }

    package var count: Int { x.count }
}
