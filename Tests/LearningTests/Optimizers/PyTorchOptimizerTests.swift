import Learning
import TestSupport
import Testing

/// Optimizers compared with PyTorch on the chapter's problem, full batch, 64 bits.
struct PyTorchOptimizerTests {
    @Test(arguments: PyTorchRun.all)
    func `a run's trace is PyTorch's`(_ run: PyTorchRun) throws {
        var training = try Trainer(run.configuration(), data: PyTorchRun.problem.data)

        for row in run.trace {
            var last: QuadraticRow?
            repeat { last = try training.next() } while last.map { $0.step + 1 < Int(row[0]) } ?? false
            let step = try #require(last)
            let outcome = try training.outcome()
            let columns = [step.loss, step.gradW, step.gradB, outcome.w, outcome.b] + run.extraColumns(outcome)
            #expect(columns.count == row.count - 1 - run.laterColumns)
            for (value, expected) in zip(columns, row.dropFirst()) {
                #expect(abs(value - expected) <= 1e-12 * max(1, abs(expected)), "step \(step.step + 1)")
            }
        }
    }

    @Test(arguments: PyTorchRun.all.filter { $0.scheduler != nil })
    func `a run's recorded learning rate is the one its update used`(_ run: PyTorchRun) throws {
        var training = try Trainer(run.configuration(), data: PyTorchRun.problem.data)
        var learningRates: [Double] = []

        while let step = try training.next() { learningRates.append(step.learningRate) }

        for row in run.trace where Int(row[0]) < learningRates.count {
            #expect(abs(learningRates[Int(row[0])] - row[6]) <= 1e-12)
        }
    }

    @Test
    func `every optimizer but Lion, which PyTorch lacks, is compared with PyTorch`() {
        let covered = Set(PyTorchRun.all.map { $0.optimizer.lowercased() })

        #expect(OptimizerRegistry.all.map { $0.name }.filter { !covered.contains($0) } == ["lion"])
    }
}
