import Randomness
import TextFormats
package import Theory

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

/// The samples of the textbook chapter that ``Recipe`` cites: x = linspace(-1, 1, samples), y = 3x^2 + 2 + noise * uniform.
///
/// Sections 2.6 to 2.10 of Wu, Yu, Yang, Li and Zhang, "Python深度学习:基于PyTorch" (Python deep learning with PyTorch), train on them.
private enum ChapterData {
    /// Draws `samples` uniform numbers from `source`; NumPy computes in 64 bits, PyTorch in the run's own type.
    static func make(samples: Int, noise: Double, dtype: ElementType, from source: inout RandomSource) -> TrainingData {
        switch (source.stream, dtype) {
        case (.numpy, _):
            make(x: Linspace.numpy(from: -1, through: 1, count: samples), noise: noise, from: &source)
        case (.torch, .float64):
            make(x: Linspace.torch(from: -1.0, through: 1, count: samples), noise: noise, from: &source)
        case (.torch, .float32):
            make(x: Linspace.torch(from: -1 as Float, through: 1, count: samples), noise: Float(noise), from: &source)
        }
    }

    private static func make<Scalar: TorchScalar>(
        x: [Scalar], noise: Scalar, from source: inout RandomSource
    ) -> TrainingData {
        let uniforms = source.uniforms(x.count, as: Scalar.self)
        let y = zip(x, uniforms).map { x, uniform in ((3 * (x * x)) + 2) + noise * uniform }
        return TrainingData(x: x.map { Double($0) }, y: y.map { Double($0) })
    }
}

extension TrainingData {
    /// The chapter's data as `configuration` describes them.
    /// - Precondition: it does not describe a file.
    /// - Throws: `LearningError` for a seed that the stream does not have, or too few samples.
    package static func chapter(for configuration: RunConfiguration) throws(LearningError) -> TrainingData {
        guard case .chapter(let samples, let noise, let seed) = configuration.data else {
            preconditionFailure("the configuration's data come from a file")
        }
        try configuration.data.validate()
        var source = try RandomSource(configuration.randomness.stream, seed: seed ?? configuration.seed)
        return ChapterData.make(samples: samples, noise: noise, dtype: configuration.dtype, from: &source)
    }

    /// The run's generator, at the place where initial values are drawn.
    static func runSource(for configuration: RunConfiguration) throws(LearningError) -> RandomSource {
        var source = try RandomSource(configuration.randomness.stream, seed: configuration.seed)
        if case .chapter(let samples, let noise, seed: nil) = configuration.data {
            _ = ChapterData.make(samples: samples, noise: noise, dtype: configuration.dtype, from: &source)
        }
        return source
    }
}

/// Evenly spaced numbers, each library's way, bit for bit.
package enum Linspace {
    /// `np.linspace(start, end, count)`: i * step + start, rounded twice; the last element is `end` itself.
    package static func numpy(from start: Double, through end: Double, count: Int) -> [Double] {
        guard count > 1 else { return count == 1 ? [start] : [] }
        let step = (end - start) / Double(count - 1)
        var values = (0..<count).map { Double($0) * step + start }
        values[count - 1] = end
        return values
    }

    /// `torch.linspace(start, end, count)`: from both ends towards the middle, each element rounded once.
    package static func torch<Scalar: BinaryFloatingPoint>(
        from start: Scalar, through end: Scalar, count: Int
    ) -> [Scalar] {
        guard count > 1 else { return count == 1 ? [start] : [] }
        let step = (end - start) / Scalar(count - 1)
        return (0..<count).map { i in
            i < count / 2
                ? start.addingProduct(step, Scalar(i))
                : end.addingProduct(-step, Scalar(count - 1 - i))
        }
    }
}
