import Foundation
import TestSupport
import Testing

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

        enum CodingKeys: String, CodingKey {
            case values, median, quartiles
            case interquartileMean = "interquartile_mean"
            case medianInterval = "median_interval"
        }
    }

    struct Rate: Decodable, Sendable {
        let successes: Int
        let trials: Int
        let low: Double
        let high: Double
    }

    struct Differences: Decodable, Sendable, CustomTestStringConvertible {
        let values: [Double]
        let p: Double
        var testDescription: String { "\(values.count) differences" }
    }

    struct TwoSamples: Decodable, Sendable, CustomTestStringConvertible {
        let a: [Double]
        let b: [Double]
        let p: Double
        let wins: Double
        var testDescription: String { "\(a.count) against \(b.count) values" }
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
    let rankSum: [TwoSamples]
    let holm: [Adjustment]
    let expectedBest: [Trials]
    let bootstrap: [Bootstrap]

    enum CodingKeys: String, CodingKey {
        case samples, wilson, holm, bootstrap
        case signFlip = "sign_flip"
        case rankSum = "rank_sum"
        case expectedBest = "expected_best"
    }

    static func load() throws -> StatisticsGolden {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Reference/statistics.json")
        return try Golden.decode(Data(contentsOf: file))
    }
}
