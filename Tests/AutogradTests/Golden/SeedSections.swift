import TestSupport
import Testing

/// `seed-sections.json`, the traces of the textbook chapter's training loops.
struct SeedSections: Decodable {
    struct Run: Decodable, Sendable, CustomTestStringConvertible {
        var section: String
        var dtype: String
        var learningRate: Double
        var steps: Int
        var x: [Double]?
        var y: [Double]?
        var w0: Double
        var b0: Double
        /// Rows of step, w, b, loss, gradient of w, gradient of b.
        var trace: [[Double]]
        var finalW: Double
        var finalB: Double
        var numPySeed: Int?
        var numPySamplesDrawnBefore: Int?
        var batch: Int?

        enum CodingKeys: String, CodingKey {
            case section, dtype, steps, x, y, w0, b0, trace, batch
            case learningRate = "lr"
            case finalW = "final_w"
            case finalB = "final_b"
            case numPySeed = "numpy_seed"
            case numPySamplesDrawnBefore = "numpy_samples_drawn_before"
        }

        var testDescription: String { "section \(section), \(dtype), lr \(learningRate), \(steps) steps, w0 \(w0)" }
    }

    var runs: [Run]
    var tensorFlowRuns: [Run]

    enum CodingKeys: String, CodingKey {
        case runs
        case tensorFlowRuns = "tensorflow_runs"
    }

    static func runs(_ section: String) -> [Run] {
        shared.runs.filter { $0.section == section }
    }

    static let shared: SeedSections = try! Golden.load("seed-sections.json")
}
