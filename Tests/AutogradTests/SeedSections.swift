import Foundation
import Testing

/// `seed-sections.json`, the traces of the textbook chapter's training loops.
struct SeedSections: Decodable {
    struct Run: Decodable, Sendable, CustomTestStringConvertible {
        var section: String
        var dtype: String
        var lr: Double
        var steps: Int
        var x: [Double]?
        var y: [Double]?
        var w0: Double
        var b0: Double
        /// Rows of step, w, b, loss, gradient of w, gradient of b.
        var trace: [[Double]]
        var finalW: Double
        var finalB: Double
        var numpySeed: Int?
        var numpySamplesDrawnBefore: Int?
        var batch: Int?

        var testDescription: String { "section \(section), \(dtype), lr \(lr), \(steps) steps, w0 \(w0)" }
    }

    var runs: [Run]
    var tensorflowRuns: [Run]

    static let shared: SeedSections = {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = try! Data(contentsOf: tests.appending(path: "Golden/seed-sections.json"))
        return try! decoder.decode(SeedSections.self, from: data)
    }()
}
