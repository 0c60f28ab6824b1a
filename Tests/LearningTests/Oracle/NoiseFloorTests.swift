import Learning
import Testing

/// How far above the optimum mini-batches keep a run, compared with the exact second moments of its parameters.
struct NoiseFloorTests {
    private func data() throws -> TrainingData {
        try TrainingData.chapter(for: RunSpec().configuration())
    }

    @Test(arguments: [(0.2, 1), (0.4, 10)])
    func `independent batches end at the noise floor of theory, within 3 percent`(
        learningRate: Double, batchSize: Int
    ) throws {
        let data = try data()
        let oracle = QuadraticOracle(data)
        var request = RunSpec()
        request.learningRate = learningRate
        request.batchSize = .samples(batchSize)
        request.sampling = .iid
        request.gradients = .manual
        request.length = .steps(150_000)
        request.initialization = ["w": .value(oracle.optimum.w), "b": .value(oracle.optimum.b)]
        var training = try Trainer(request.configuration(), data: data)
        var sum = 0.0
        var count = 0.0

        while let step = try training.next() {
            guard step.step >= 500 else { continue }
            sum += oracle.excess(step.w, step.b)
            count += 1
        }

        let floor = NoiseFloor(data, oracle).excess(learningRate: learningRate, batchSize: batchSize)
        #expect(abs(sum / count / floor - 1) < 0.03, "\(sum / count) for \(floor)")
    }

    @Test
    func `for small learning rates the noise floor is that of the small-step limit`() throws {
        let data = try data()
        let noise = NoiseFloor(data, QuadraticOracle(data))

        let floor = noise.excess(learningRate: 1e-4, batchSize: 10)

        #expect(abs(floor / (1e-4 * noise.gradientVariance / 40) - 1) < 1e-3)
    }
}

/// The stationary second moment M of the distance from the optimum under independent batches.
///
/// For batches of size B:
///
///     M = (1 - ηH) M (1 - ηH) + η²/B (E[h M h] - H M H + C)
///
/// with h the Hessian of one sample and C the covariance of the gradients of single samples at the optimum.
struct NoiseFloor {
    private let oracle: QuadraticOracle
    private let features: [Double]
    private let residuals: [Double]
    /// The means of φ^0 to φ^4.
    private let powers: [Double]

    init(_ data: TrainingData, _ oracle: QuadraticOracle) {
        self.oracle = oracle
        features = data.features
        let features = data.features
        powers = (0...4).map { power in
            features.reduce(0) { sum, feature in
                sum + (0..<power).reduce(1) { product, _ in product * feature }
            } / Double(features.count)
        }
        residuals = zip(data.features, data.y).map { oracle.optimum.w * $0 + oracle.optimum.b - $1 }
    }

    /// The trace of C.
    var gradientVariance: Double {
        zip(features, residuals).reduce(0) { $0 + 4 * $1.1 * $1.1 * ($1.0 * $1.0 + 1) } / Double(features.count)
    }

    /// The mean of 1/2 d'Hd over the stationary distribution.
    func excess(learningRate: Double, batchSize: Int) -> Double {
        let share = learningRate * learningRate / Double(batchSize)
        let hessian = Symmetric(ww: oracle.hessian.ww, wb: oracle.hessian.wb, bb: oracle.hessian.bb)
        let step = Symmetric(ww: 1, wb: 0, bb: 1) - learningRate * hessian
        let noise = gradientCovariance
        var moment = share * noise
        for _ in 0..<1_000_000 {
            let next =
                moment.conjugated(by: step)
                + share * (sampleConjugation(of: moment) - moment.conjugated(by: hessian) + noise)
            let isStationary =
                abs(next.ww - moment.ww) <= 1e-13 * next.ww && abs(next.bb - moment.bb) <= 1e-13 * next.bb
            moment = next
            if isStationary { break }
        }
        return 0.5 * (hessian.ww * moment.ww + 2 * hessian.wb * moment.wb + hessian.bb * moment.bb)
    }

    private var gradientCovariance: Symmetric {
        let count = Double(features.count)
        return zip(features, residuals).reduce(Symmetric(ww: 0, wb: 0, bb: 0)) { sum, sample in
            let (feature, residual) = sample
            let weight = 4 * residual * residual / count
            return sum + weight * Symmetric(ww: feature * feature, wb: feature, bb: 1)
        }
    }

    /// E[h M h] with h = 2 v v', v = (φ, 1): 4 E[(v'Mv) v v'], by the moments of φ.
    private func sampleConjugation(of moment: Symmetric) -> Symmetric {
        func mean(_ power: Int) -> Double {
            4 * (moment.ww * powers[power + 2] + 2 * moment.wb * powers[power + 1] + moment.bb * powers[power])
        }
        return Symmetric(ww: mean(2), wb: mean(1), bb: mean(0))
    }

}

/// A symmetric matrix over (w, b).
private struct Symmetric {
    let ww: Double
    let wb: Double
    let bb: Double

    static func + (a: Self, b: Self) -> Self { Symmetric(ww: a.ww + b.ww, wb: a.wb + b.wb, bb: a.bb + b.bb) }
    static func - (a: Self, b: Self) -> Self { a + (-1) * b }
    static func * (s: Double, a: Self) -> Self { Symmetric(ww: s * a.ww, wb: s * a.wb, bb: s * a.bb) }

    /// The product A M A of this M with a symmetric A.
    func conjugated(by a: Self) -> Self {
        let (r1, r2) = (a.ww * ww + a.wb * wb, a.ww * wb + a.wb * bb)
        let (r3, r4) = (a.wb * ww + a.bb * wb, a.wb * wb + a.bb * bb)
        return Symmetric(
            ww: r1 * a.ww + r2 * a.wb, wb: r1 * a.wb + r2 * a.bb, bb: r3 * a.wb + r4 * a.bb)
    }
}
