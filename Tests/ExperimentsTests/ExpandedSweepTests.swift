import Foundation
import Testing
import TextFormats
import Tracking

@testable import Experiments

/// What a sweep will do and take, before anything is laid out.
struct ExpandedSweepTests {
    private func outline(_ fields: [RunSetting: String], seeds: String) throws -> ExpandedSweep {
        try ExpandedSweep(SearchSpace(fields: fields, settings: [], seeds: seeds))
    }

    @Test
    func `an outline counts what the plan lays out`() throws {
        let outline = try outline([.lr: "0.1,1e-1,0.2", .steps: "3,5"], seeds: "1..4")
        let plan = try SweepPlanner.plan(outline)

        #expect(outline.runCount == 16 && plan.runs.count == 16)
        #expect(outline.stepCount == 64 && plan.stepCount == 64)
    }

    @Test
    func `a sweep of a billion million steps is counted`() throws {
        let outline = try outline([.steps: "1000000000", .lr: "lin:0.1:1:10000"], seeds: "1..100")

        #expect(outline.stepCount == 1_000_000_000_000_000)
    }

    @Test
    func `a seed that a stream does not take is refused before anything is laid out`() {
        let error = #expect(throws: ExperimentError.self) { try outline([:], seeds: "0..3,4294967296") }

        #expect(error?.description.hasPrefix("seeds: ") == true, "\(error as Any)")
    }

    @Test
    func `twice the seeds take twice the disk and, at one speed, twice the time`() throws {
        let estimates = try ["1..10", "1..20"].map { seeds in
            var time = 0
            return try SweepEstimate(outline([.lr: "0.1,0.2"], seeds: seeds), workers: 2) {
                time += 10_000
                return time
            }
        }

        #expect(estimates[1].bytes == 2 * estimates[0].bytes)
        #expect(abs(estimates[1].seconds - 2 * estimates[0].seconds) < 1e-9)
    }

    @Test(arguments: 0..<4)
    func `a costly optimizer among cheap ones is counted, wherever it stands`(place: Int) throws {
        let outline = try outline([.optimizer: "sgd,adam,adamw,nadam", .steps: "10"], seeds: "1..10")
        func seconds(_ stepTime: (_ place: Int) -> Int) throws -> Double {
            var (readings, time) = (0, 0)
            return try SweepEstimate(outline, workers: 1) {
                // The clock is read before the ten steps of each optimizer, and after every one of them.
                time += stepTime(readings / 11)
                readings += 1
                return time
            }.seconds
        }

        let cheap = try seconds { _ in 1_000 }
        let costly = try seconds { $0 == place ? 101_000 : 1_000 }

        #expect(abs(costly - cheap - 100 * 100_000e-9) < 1e-9, "\(cheap), \(costly)")
    }

    @Test(arguments: [(steps: "2", seeds: "1..400"), (steps: "2000", seeds: "1..8")])
    func `the disk that a sweep was said to take is what it takes`(size: (steps: String, seeds: String)) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "gradbook.db")
        let store = try Store.open(at: file.path, now: { "2026-01-01T00:00:00.000Z" })
        let runner = ExperimentRunner(store, origin: .test, clock: { 0 })
        let empty = try bytes(of: file)
        let outline = try outline([.lr: "0.1,0.2", .steps: size.steps], seeds: size.seeds)

        _ = try runner.runSweep(runner.queue(SweepPlanner.plan(outline), name: "s"), workers: 1)
        try runner.close()
        store.close()

        let estimate = try SweepEstimate(outline, workers: 1, clock: { 0 })
        #expect(abs(estimate.bytes / (try bytes(of: file) - empty) - 1) < 0.2)
    }

    private func bytes(of file: URL) throws -> Double {
        try Double(file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
    }
}
