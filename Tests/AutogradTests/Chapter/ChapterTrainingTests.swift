import Randomness
import Testing

@testable import Autograd

/// The training loops of the chapter's sections 2.7 to 2.9, bit for bit.
struct ChapterTrainingTests {
    @Test(arguments: SeedSections.runs("2.7"))
    func `section 2_7 comes out bit for bit`(run: SeedSections.Run) throws {
        if run.dtype == "f32" {
            try trainByHand(run, Float.self)
        } else {
            try trainByHand(run, Double.self)
        }
    }

    @Test(arguments: SeedSections.runs("2.8"))
    func `section 2_8 comes out bit for bit`(run: SeedSections.Run) throws {
        if run.dtype == "f32" {
            try trainWithOptimizer(run, Float.self)
        } else {
            try trainWithOptimizer(run, Double.self)
        }
    }

    @Test(arguments: SeedSections.runs("2.9"))
    func `section 2_9 comes out bit for bit`(run: SeedSections.Run) throws {
        if run.dtype == "f32" {
            try trainInBatches(run, Float.self)
        } else {
            try trainInBatches(run, Double.self)
        }
    }

    /// Half the sum of squares, and the update written out under `noGrad`.
    private func trainByHand<Scalar: TensorScalar>(_ run: SeedSections.Run, _: Scalar.Type) throws {
        let x = Tensor(try #require(run.x).map { Scalar($0) }, shape: [100, 1])
        let y = Tensor(try #require(run.y).map { Scalar($0) }, shape: [100, 1])
        let w = Tensor([Scalar(run.w0)], shape: [1, 1], requiresGrad: true)
        let b = Tensor([Scalar(run.b0)], shape: [1, 1], requiresGrad: true)
        let learningRate = Scalar(run.learningRate)
        var trace = run.trace[...]

        for step in 0..<run.steps {
            let prediction = x.pow(2).matmul(w) + b
            let loss = (0.5 * (prediction - y).pow(2)).sum()
            try loss.backward()
            try expectRow(step, w, b, loss, &trace)
            try noGrad {
                w.assign([try w.item() - learningRate * (w.grad?.item() ?? .nan)])
                b.assign([try b.item() - learningRate * (b.grad?.item() ?? .nan)])
            }
            w.zeroGrad()
            b.zeroGrad()
        }
        #expect(try w.item() == Scalar(run.finalW))
        #expect(try b.item() == Scalar(run.finalB))
        #expect(trace.isEmpty)
    }

    /// The mean squared error, and the fused update of PyTorch's SGD.
    private func trainWithOptimizer<Scalar: TensorScalar>(_ run: SeedSections.Run, _: Scalar.Type) throws {
        let x = Tensor(try #require(run.x).map { Scalar($0) }, shape: [100, 1])
        let y = Tensor(try #require(run.y).map { Scalar($0) }, shape: [100, 1])
        let w = Tensor([Scalar(run.w0)], shape: [1, 1], requiresGrad: true)
        let b = Tensor([Scalar(run.b0)], shape: [1, 1], requiresGrad: true)
        let learningRate = Scalar(run.learningRate)
        var trace = run.trace[...]

        for step in 0..<run.steps {
            let loss = (x.pow(2).matmul(w) + b).meanSquaredError(to: y)
            try loss.backward()
            try expectRow(step, w, b, loss, &trace)
            try noGrad {
                w.assign([try w.item().addingProduct(-learningRate, w.grad?.item() ?? .nan)])
                b.assign([try b.item().addingProduct(-learningRate, b.grad?.item() ?? .nan)])
            }
            w.zeroGrad()
            b.zeroGrad()
        }
        #expect(try w.item() == Scalar(run.finalW))
        #expect(try b.item() == Scalar(run.finalB))
        #expect(trace.isEmpty)
    }

    /// As section 2.8, on batches of a list that NumPy shuffles again in every epoch.
    private func trainInBatches<Scalar: TensorScalar>(_ run: SeedSections.Run, _: Scalar.Type) throws {
        let x = Tensor(try #require(run.x).map { Scalar($0) }, shape: [100, 1])
        let y = Tensor(try #require(run.y).map { Scalar($0) }, shape: [100, 1])
        let w = Tensor([Scalar(run.w0)], shape: [1, 1], requiresGrad: true)
        let b = Tensor([Scalar(run.b0)], shape: [1, 1], requiresGrad: true)
        let learningRate = Scalar(run.learningRate)
        let batch = try #require(run.batch)
        var stream = NumPyStream(seed: UInt32(try #require(run.numPySeed)))
        stream.skip(samples: try #require(run.numPySamplesDrawnBefore))
        var trace = run.trace[...]
        var step = 0

        while step < run.steps {
            var order = Array(0..<100)
            stream.shuffle(&order)
            for start in stride(from: 0, to: 100, by: batch) {
                let rows = Array(order[start..<min(start + batch, 100)])
                let prediction = x.indexSelect(0, rows).pow(2).matmul(w) + b
                let loss = prediction.meanSquaredError(to: y.indexSelect(0, rows))
                try loss.backward()
                try expectRow(step, w, b, loss, &trace)
                try noGrad {
                    w.assign([try w.item().addingProduct(-learningRate, w.grad?.item() ?? .nan)])
                    b.assign([try b.item().addingProduct(-learningRate, b.grad?.item() ?? .nan)])
                }
                w.zeroGrad()
                b.zeroGrad()
                step += 1
            }
        }
        #expect(try w.item() == Scalar(run.finalW))
        #expect(try b.item() == Scalar(run.finalB))
        #expect(trace.isEmpty)
    }

    private func expectRow<Scalar: TensorScalar>(
        _ step: Int, _ w: Tensor<Scalar>, _ b: Tensor<Scalar>, _ loss: Tensor<Scalar>,
        _ trace: inout ArraySlice<[Double]>
    ) throws {
        guard let row = trace.first, Int(row[0]) == step else { return }
        trace.removeFirst()
        let values = try [w.item(), b.item(), loss.item(), #require(w.grad).item(), #require(b.grad).item()]
        #expect(values == row.dropFirst().map { Scalar($0) }, "step \(step)")
    }
}
