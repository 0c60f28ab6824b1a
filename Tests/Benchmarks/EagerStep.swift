import Autograd

/// One eager training step of the quadratic model on its full batch: a new graph, its gradients, an update.
enum EagerStep {
    private static let samples = 100
    private static let steps = 5000

    /// In both number types, against the same arithmetic as plain loops.
    static var cases: [BenchmarkCase] {
        [makeCase(Double.self, "eager-step-float64"), makeCase(Float.self, "eager-step-float32")]
    }

    private static func makeCase<Scalar: TensorScalar>(_: Scalar.Type, _ name: String) -> BenchmarkCase {
        precondition(
            TapedTraining<Scalar>.run(steps: 100, samples: samples)
                == PlainTraining<Scalar>.run(steps: 100, samples: samples),
            "\(name): the graph and the loop disagree")
        return BenchmarkCase(
            name: name, unit: "step", units: steps, limit: 12,
            subject: { _ = TapedTraining<Scalar>.run(steps: steps, samples: samples) },
            floor: { _ = PlainTraining<Scalar>.run(steps: steps, samples: samples) })
    }
}

/// The step as a user writes it.
private enum TapedTraining<Scalar: TensorScalar> {
    static func run(steps: Int, samples: Int) -> (Scalar, Scalar) {
        let (x2, y) = data(samples: samples)
        let features = Tensor(x2, shape: [samples, 1])
        let targets = Tensor(y, shape: [samples, 1])
        let w = Tensor([Scalar(0.25)], shape: [1, 1], requiresGrad: true)
        let b = Tensor([Scalar(0)], shape: [1, 1], requiresGrad: true)
        for _ in 0..<steps { step(features, targets, w, b) }
        return (w.scalars[0], b.scalars[0])
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    private static func step(
        _ features: Tensor<Scalar>, _ targets: Tensor<Scalar>, _ w: Tensor<Scalar>, _ b: Tensor<Scalar>
    ) {
        do {
            try (features.matmul(w) + b).meanSquaredError(to: targets).backward()
            try noGrad { () throws(AutogradError) in
                try update(w)
                try update(b)
            }
        } catch {
            preconditionFailure("\(error)")
        }
    }

    @inline(__always)
    private static func update(_ parameter: Tensor<Scalar>) throws(AutogradError) {
        guard let grad = parameter.grad else { return }
        parameter.fill(try parameter.item().addingProduct(-0.001, try grad.item()))
        parameter.zeroGrad()
    }

    static func data(samples: Int) -> ([Scalar], [Scalar]) {
        let x = (0..<samples).map { Scalar($0) / Scalar(samples - 1) * 2 - 1 }
        return (x.map { $0 * $0 }, x.map { 3 * ($0 * $0) + 2 })
    }
}

/// The reference: forward, loss, gradients and update in plain loops over arrays, in the same order of operations.
private enum PlainTraining<Scalar: TensorScalar> {
    static func run(steps: Int, samples: Int) -> (Scalar, Scalar) {
        let (x2, y) = TapedTraining<Scalar>.data(samples: samples)
        var w: Scalar = 0.25
        var b: Scalar = 0
        var d = [Scalar](repeating: 0, count: samples)
        var squares = d
        var loss: Scalar = 0
        for _ in 0..<steps { step(x2, y, &w, &b, &d, &squares, &loss) }
        precondition(loss.isFinite)
        return (w, b)
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    @inline(never)
    private static func step(
        _ x2: [Scalar], _ y: [Scalar], _ w: inout Scalar, _ b: inout Scalar, _ d: inout [Scalar],
        _ squares: inout [Scalar], _ loss: inout Scalar
    ) {
        let count = x2.count
        let scale = 2 / Scalar(count)
        for i in 0..<count {
            let difference = (x2[i] * w + b) - y[i]
            d[i] = scale * difference
            squares[i] = difference * difference
        }
        loss = sum(squares) / Scalar(count)
        var gradientOfW: Scalar = 0
        for i in 0..<count { gradientOfW = gradientOfW.addingProduct(x2[i], d[i]) }
        let gradientOfB = sum(d)
        w = w.addingProduct(-0.001, gradientOfW)
        b = b.addingProduct(-0.001, gradientOfB)
    }

    /// PyTorch's order for runs this short: four interleaved sums over vectors, the tail, the lanes.
    @inline(__always)
    private static func sum(_ terms: [Scalar]) -> Scalar {
        let width = Scalar.Lanes.scalarCount
        let vectors = terms.count / width
        return terms.withUnsafeBytes { bytes in
            func vector(_ index: Int) -> Scalar.Lanes {
                bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Scalar.Lanes>.size, as: Scalar.Lanes.self)
            }
            var (p, q, r, s) = (Scalar.Lanes(), Scalar.Lanes(), Scalar.Lanes(), Scalar.Lanes())
            for row in 0..<vectors / 4 {
                p += vector(4 * row)
                q += vector(4 * row + 1)
                r += vector(4 * row + 2)
                s += vector(4 * row + 3)
            }
            for index in vectors / 4 * 4..<vectors { p += vector(index) }
            let lanes = ((p + q) + r) + s
            var result: Scalar = 0
            for index in vectors * width..<terms.count { result += terms[index] }
            for lane in 0..<width { result += lanes[lane] }
            return result
        }
    }
}
