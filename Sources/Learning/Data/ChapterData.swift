import Randomness

/// The textbook chapter's samples: x = linspace(-1, 1, samples), y = 3x^2 + 2 + noise * uniform.
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
