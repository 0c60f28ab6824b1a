import TestRows
import Testing
import TextFormats
import Tracking

@testable import Learning
@testable import Reports

struct TargetTests {
    private static func problem(_ minimum: Double = 0.125 / 3, dtype: String = "float64") -> OptimizationProblem {
        let line = Dataset.line()
        let dataset = Dataset(
            contentHash: "", kind: "csv", source: "", x: line.x, y: line.y,
            optimum: Dataset.Optimum(w: 3.25, b: 2, loss: minimum), hessian: line.hessian)
        var run = SampleRun().plan(dataset: 1)
        run.dtype = dtype
        return OptimizationProblem(dataset, of: run)
    }

    @Test(arguments: [("excess=1e-6", 1e-6), ("excess=50%", 0.125 / 6), ("loss=0.125", 0.125 - 0.125 / 3)])
    func `a target is an excess of the problem`(text: String, excess: Double) throws {
        #expect(try ReportTarget(text: text).excess(on: Self.problem()) == excess)
    }

    @Test(arguments: ["", "excess", "excess=", "excess=-1", "excess=nan", "loss=5%", "speed=3", "excess=0", "loss=inf"])
    func `what is no target is named with the fix`(text: String) {
        let error = #expect(throws: ReportError.self) { try ReportTarget(text: text) }

        #expect(error?.description == "'\(text)' is no target; write excess=1e-6, excess=1% or loss=1e-3")
    }

    @Test(arguments: [
        ("excess=1e-30", "float64", "cannot be told from rounding in float64"),
        ("excess=1e-12", "float32", "cannot be told from rounding in float32"),
        ("loss=0.04", "float64", "the smallest possible loss is"),
    ])
    func `a target that no run can reach is refused`(text: String, dtype: String, reason: String) throws {
        let target = try ReportTarget(text: text)

        let error = #expect(throws: ReportError.self) { try target.excess(on: Self.problem(dtype: dtype)) }

        #expect(error?.description.contains(reason) == true)
    }

    @Test
    func `without noise the standard target says nothing and is left out`() throws {
        #expect(try ReportTarget.standard.excess(on: Self.problem(0)) == nil)
    }

    @Test(arguments: ["float64", "float32"])
    func `the smallest target is that of training's stopping rule`(dtype: String) throws {
        let floor = Self.problem(dtype: dtype).excessFloor
        let type = try #require(ElementType(rawValue: dtype))

        #expect(throws: Never.self) { try StoppingCriteria(text: "excess=\(floor)").validate(dtype: type) }
        #expect(throws: LearningError.self) {
            try StoppingCriteria(text: "excess=\(floor * 0.99)").validate(dtype: type)
        }
    }
}
