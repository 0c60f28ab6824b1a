/// A factor for the first steps, as `ConstantLR`: η factor while t < total, then η.
///
/// The default factor is 1, so that the bare name is what it says; PyTorch's is 1/3.
package struct ConstantSchedule: ScheduleRule {
    package static let name = "constant"
    package static let summary = "the optimizer's learning rate, times a factor in the first steps"
    package static let hyperparameters: [Hyperparameter] = [
        .number("factor", 1, .closed(0, 1), "factor of the learning rate"),
        .number("total", 5, .count(0), "how many steps it holds for", torch: "total_iters"),
    ]

    private let factor: Double
    private let total: Int

    package init(_ values: HyperparameterValues) {
        factor = values.number("factor")
        total = values.count("total")
    }

    package var length: Int? { total }

    package func learningRate(at step: Int, from base: Double) -> Double {
        step < total ? base * factor : base
    }
}
