/// A straight line between two factors, as `LinearLR`: η (start + (end - start) min(t, total) / total).
package struct LinearSchedule: ScheduleRule {
    package static let name = "linear"
    package static let summary = "a straight line between two factors"
    package static let hyperparameters: [Hyperparameter] = [
        .number("start", 1 / 3, .upTo(0, 1), "factor at the first step", torch: "start_factor"),
        .number("end", 1, .closed(0, 1), "factor from the last step on", torch: "end_factor"),
        .number("total", 5, .count(1), "how many steps it takes", torch: "total_iters"),
    ]

    private let start: Double
    private let end: Double
    private let total: Int

    package init(_ values: HyperparameterValues) {
        start = values.number("start")
        end = values.number("end")
        total = values.count("total")
    }

    package var length: Int? { total }

    package func learningRate(at step: Int, from base: Double) -> Double {
        base * (start + (end - start) * Double(min(step, total)) / Double(total))
    }
}
