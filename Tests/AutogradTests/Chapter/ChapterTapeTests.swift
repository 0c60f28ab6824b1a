import Autograd
import Randomness
import Testing

/// The chapter's section 2.10, the TensorFlow way: w, b and gradients bit for bit in `Float`.
struct ChapterTapeTests {
    @Test(arguments: SeedSections.shared.tensorFlowRuns)
    func `section 2_10 comes out of the gradient tape`(run: SeedSections.Run) throws {
        if run.dtype == "f32" {
            try train(run, Float.self, tolerance: 0, lossTolerance: 2e-7)
        } else {
            try train(run, Double.self, tolerance: 1e-12, lossTolerance: 1e-12)
        }
    }

    private func train<Scalar: TensorScalar>(
        _ run: SeedSections.Run, _: Scalar.Type, tolerance: Double, lossTolerance: Double
    ) throws {
        var stream = NumPyStream(seed: 100)
        let x = (0..<100).map { $0 == 99 ? 1 : Double($0) * (2.0 / 99) + -1 }
        let y = x.map { (3 * ($0 * $0) + 2) + 0.2 * stream.randomSample() }
        let features = Tensor(x.map { Scalar($0 * $0) }, shape: [100, 1])
        let targets = Tensor(y.map { Scalar($0) }, shape: [100, 1])
        let w = Tensor([Scalar(run.w0)], shape: [1], requiresGrad: true)
        let b = Tensor([Scalar(run.b0)], shape: [1], requiresGrad: true)
        let learningRate = Scalar(run.learningRate)
        var trace = run.trace[...]

        for step in 0..<run.steps {
            let tape = GradientTape<Scalar>()
            let loss = tape.record { ((targets - (features * w + b)).pow(2) / 2).mean() }
            let gradients = try tape.gradient(of: loss, withRespectTo: [w, b])
            let dw = try #require(gradients[0])
            let db = try #require(gradients[1])

            if let row = trace.first, Int(row[0]) == step {
                trace.removeFirst()
                let exact = try [w.item(), b.item(), dw.item(), db.item()].map { Double($0) }
                for (actual, expected) in zip(exact, [row[1], row[2], row[4], row[5]]) {
                    #expect(abs(actual - expected) <= tolerance * max(1, abs(expected)), "step \(step)")
                }
                #expect(abs(try Double(loss.item()) - row[3]) <= lossTolerance * row[3], "loss of step \(step)")
            }
            try noGrad {
                w.assign([try w.item() - learningRate * dw.item()])
                b.assign([try b.item() - learningRate * db.item()])
            }
        }
        #expect(abs(try Double(w.item()) - run.finalW) <= tolerance * abs(run.finalW))
        #expect(abs(try Double(b.item()) - run.finalB) <= tolerance * abs(run.finalB))
        #expect(trace.isEmpty)
    }
}
