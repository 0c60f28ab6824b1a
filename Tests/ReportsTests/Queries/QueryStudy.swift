import Testing
import Tracking

@testable import Reports
@testable import Statistics

/// Notebooks on which queries are compared with the program.
enum QueryStudy {
    static let defaults = DefaultSettings(optimizers: [
        "sgd": #"{"hyperparameters":{"momentum":0,"nesterov":false},"lr":0.1,"name":"sgd"}"#,
        "adam": #"{"hyperparameters":{"beta1":0.9},"lr":0.001,"name":"adam"}"#,
    ])

    /// Two optimizers with two configurations on twelve seeds, three of which choose; among their runs are such that diverged,
    /// failed, became unstable, stopped early, repeat another, and have no result.
    static var large: [SampleRun] {
        (1...12).flatMap { (seed: Int64) -> [SampleRun] in
            var good = SampleRun(learningRate: 0.5, seed: seed, stepCount: 60, factor: 0.6)
            if seed == 5 { good.ending = .diverged(at: 9) }
            if seed == 7 { good.factor = 1.2 }
            if seed == 9 { good.ending = .failed }
            var adam = SampleRun(
                optimizer: "adam", learningRate: 0.1, batchSize: "2", momentum: nil, seed: seed, stepCount: 60,
                factor: 0.7)
            if seed == 4 { adam.ending = .failed }
            if seed == 6 { adam.stoppedAfter = 40 }
            if seed == 11 { adam.ending = .queued }
            return [
                SampleRun(seed: seed, stepCount: 60, factor: 0.8), good, adam,
                SampleRun(
                    optimizer: "adam", learningRate: 0.2, batchSize: "2", momentum: nil, seed: seed, stepCount: 60,
                    ending: seed == 12 ? .queued : .done, factor: seed > 10 ? 0.85 : 0.75 + 0.02 * Double(seed),
                    start: seed > 10 ? 1 : nil),
            ]
        }
    }

    /// The same optimizers without any failure.
    static var clean: [SampleRun] {
        (1...8).flatMap { (seed: Int64) -> [SampleRun] in
            // The last seed repeats the one before it.
            let start = Double(min(seed, 7))
            return [
                SampleRun(seed: seed, stepCount: 60, factor: 0.6 + 0.01 * start, start: start),
                SampleRun(
                    optimizer: "adam", momentum: nil, seed: seed, stepCount: 60, factor: 0.8 - 0.02 * start,
                    start: start),
            ]
        }
    }

    /// The first optimizer has fewer steps than the second.
    static var unequal: [SampleRun] {
        (1...7).flatMap { seed in
            [
                SampleRun(seed: seed, stepCount: 40, factor: 0.7),
                SampleRun(
                    optimizer: "adam", momentum: nil, seed: seed, stepCount: 60, factor: 0.6 + 0.04 * Double(seed),
                    stoppedAfter: seed == 3 ? 30 : nil),
            ]
        }
    }

    /// The optimizers have no seed in common.
    static var unpaired: [SampleRun] {
        (1...6).map { SampleRun(seed: $0, ending: $0 == 2 ? .failed : .done, factor: 0.5 + 0.02 * Double($0)) }
            + (7...12).map { SampleRun(optimizer: "adam", momentum: nil, seed: $0, factor: 0.6) }
    }

    /// Learning rates of which some diverge, grow, or become unstable, and another loss of the same data.
    static var rates: [SampleRun] {
        (1...4).flatMap { seed in
            [
                SampleRun(learningRate: 0.2, seed: seed, stepCount: 40, factor: 0.6),
                SampleRun(learningRate: 0.4, seed: seed, stepCount: 40, factor: 0.7 + 0.05 * Double(seed)),
                SampleRun(learningRate: 0.8, seed: seed, stepCount: 40, factor: 1.1),
                SampleRun(learningRate: 1.6, seed: seed, stepCount: 40, ending: .diverged(at: 9), factor: 5),
                SampleRun(learningRate: 0.3, seed: seed, stepCount: 40, factor: 0.65, lossKind: "half-sum"),
            ]
        }
    }

    static func notebook(_ runs: [SampleRun], target: String? = nil) throws -> SampleNotebook {
        let notebook = try SampleNotebook()
        try notebook.addSweep(runs, target: target)
        return notebook
    }
}

extension SQLValue {
    /// What has no finite number in a report is NULL in SQL.
    static func number(_ value: Double?) -> SQLValue {
        guard let value, value.isFinite else { return .null }
        return .real(value)
    }

    var double: Double? {
        switch self {
        case .real(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    var string: String? { if case .text(let text) = self { text } else { nil } }
}

/// Expects what SQL computed to be what the program did, but for the rounding of sums and logarithms.
func expect(
    _ value: SQLValue?, toBe number: Double?, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let number, number.isFinite else {
        #expect(value == .null, "\(name)", sourceLocation: sourceLocation)
        return
    }
    let found = value?.double ?? .nan
    #expect(
        abs(found - number) <= 1e-9 * max(1, abs(number)), "\(name): \(found) instead of \(number)",
        sourceLocation: sourceLocation)
}
