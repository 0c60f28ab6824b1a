import Foundation
import TestSupport
import Testing

/// What NumPy and SciPy say of seeded samples; made by `Reference/statistics.py`.
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

    let samples: [Sample]
    let wilson: [Rate]

    static func load() throws -> StatisticsGolden {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Reference/statistics.json")
        return try Golden.decode(Data(contentsOf: file))
    }
}
