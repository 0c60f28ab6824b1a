import Foundation
import TestSupport
import Testing

@testable import Statistics

/// What NumPy, SciPy, statsmodels and rliable say of seeded samples; made by `Reference/statistics.py`.
struct StatisticsGolden: Decodable {
    struct Sample: Decodable, Sendable, CustomTestStringConvertible {
        struct Interval: Decodable, Sendable {
            let rank: Int
            let coverage: Double
        }

        let values: [Double]
        let median: Double
        let quartiles: [Double]
        let interquartileMean: Double
        let medianInterval: Interval?

        var testDescription: String { "\(values.count) values" }
    }

    struct Rate: Decodable, Sendable {
        let successes: Double
        let trials: Int
        let low: Double
        let high: Double
    }

    /// A p value for each side.
    struct Sides: Decodable, Sendable {
        let both: Double
        let lower: Double
        let higher: Double

        subscript(side: Side) -> Double {
            switch side {
            case .both: both
            case .lower: lower
            case .higher: higher
            }
        }
    }

    struct Ends: Decodable, Sendable {
        let low: Double
        let high: Double
    }

    /// Intervals by side and level, as "both 0.05".
    typealias Intervals = [String: Ends]

    struct Differences: Decodable, Sendable, CustomTestStringConvertible {
        let values: [Double]
        let p: Sides
        let intervals: Intervals
        var testDescription: String { "\(values.count) differences" }
    }

    struct Signs: Decodable, Sendable {
        let lower: Int
        let higher: Int
        let p: Sides
    }

    struct Medians: Decodable, Sendable, CustomTestStringConvertible {
        let values: [Double]
        let intervals: Intervals
        var testDescription: String { "\(values.count) values" }
    }

    struct TwoSamples: Decodable, Sendable, CustomTestStringConvertible {
        let a: [Double]
        let b: [Double]
        let p: Sides
        let wins: Double
        let intervals: Intervals?
        var testDescription: String { "\(a.count) against \(b.count) values" }
    }

    struct Quantile: Decodable, Sendable {
        let distribution: String
        let freedom: Int
        let p: Double
        let value: Double
    }

    struct Bound: Decodable, Sendable, CustomTestStringConvertible {
        struct Result: Decodable, Sendable {
            let p: Double
            let low: Double
            let high: Double
        }

        let values: [Double]
        let bound: Double
        let deviation: Double
        let normal: [String: Result]
        let known: [String: Result]
        var testDescription: String { "\(values.count) values" }
    }

    struct Noise: Decodable, Sendable, CustomTestStringConvertible {
        let values: [Double]
        let mean: Double
        let deviation: Double
        let low: Double
        let high: Double
        let seeds: [Int]
        let resolved: [Double]
        var testDescription: String { "\(values.count) values" }
    }

    struct Adjustment: Decodable, Sendable {
        let values: [Double]
        let adjusted: [Double]
    }

    struct Trials: Decodable, Sendable, CustomTestStringConvertible {
        let values: [Double]
        let means: [Double]
        let chances: [Double]
        var testDescription: String { "\(values.count) trials" }
    }

    struct Bootstrap: Decodable, Sendable, CustomTestStringConvertible {
        let values: [Double]
        let low: [Double]
        let high: [Double]
        var testDescription: String { "\(values.count) values" }
    }

    let samples: [Sample]
    let wilson: [Rate]
    let signFlip: [Differences]
    let signTest: [Signs]
    let orderIntervals: [Medians]
    let rankSum: [TwoSamples]
    let quantiles: [Quantile]
    let cumulatives: [Quantile]
    let bounds: [Bound]
    let noise: [Noise]
    let holm: [Adjustment]
    let expectedBest: [Trials]
    let bootstrap: [Bootstrap]

    static func load() throws -> StatisticsGolden {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference/statistics.json")
        return try Golden.decode(Data(contentsOf: file))
    }
}

extension StatisticsGolden.Sample {
    enum CodingKeys: String, CodingKey {
        case values, median, quartiles
        case interquartileMean = "interquartile_mean"
        case medianInterval = "median_interval"
    }
}

extension StatisticsGolden {
    enum CodingKeys: String, CodingKey {
        case samples, wilson, quantiles, cumulatives, bounds, noise, holm, bootstrap
        case signFlip = "sign_flip"
        case signTest = "sign_test"
        case orderIntervals = "order_intervals"
        case rankSum = "rank_sum"
        case expectedBest = "expected_best"
    }
}

extension Side {
    static let allCases: [Side] = [.both, .lower, .higher]
}

extension [String: StatisticsGolden.Ends] {
    /// Each interval with its side and level.
    var all: [(side: Side, alpha: Double, ends: StatisticsGolden.Ends)] {
        Side.allCases.flatMap { side in
            [0.05, 0.01].compactMap { alpha in
                self["\(side) \(alpha)"].map { (side, alpha, $0) }
            }
        }
    }
}

/// Whether two numbers agree to so much of the larger one; infinite ones only with themselves.
func agree(_ a: Double, _ b: Double, _ share: Double, of scale: Double? = nil) -> Bool {
    a == b || abs(a - b) <= share * (scale ?? max(abs(a), abs(b)))
}
