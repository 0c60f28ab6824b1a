import Randomness
import TextFormats

/// The samples of the textbook chapter that ``Recipe`` cites: x = linspace(-1, 1, samples), y = 3x^2 + 2 + noise * uniform.
///
/// Sections 2.6 to 2.10 of Wu, Yu, Yang, Li and Zhang, "Python深度学习:基于PyTorch" (Python deep learning with PyTorch), train on them.
enum ChapterData {
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
        guard samples > 0, noise.isFinite else {
            throw LearningError(
                .invalidData, "there are no data with \(samples.counted("sample")) and noise \(noise)",
                advice: "give at least one sample")
        }
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
