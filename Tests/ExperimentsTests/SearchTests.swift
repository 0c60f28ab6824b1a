import Foundation
import TestSupport
import Testing
import TextFormats

@testable import Experiments

/// Configurations that are drawn instead of enumerated.
struct SearchTests {
    private func space(
        _ method: String, trials: Int, seed: Int64 = 0, fields: [RunSetting: String] = [:], settings: [String] = []
    ) throws -> SearchSpace {
        try SearchSpace(
            fields: fields, settings: settings, seeds: "1",
            search: Search(method: method, trials: "\(trials)", seed: "\(seed)"))
    }

    private func rates(_ method: String, trials: Int, seed: Int64, from range: String) throws -> [Double] {
        try space(method, trials: trials, seed: seed, fields: [.lr: range]).points().compactMap {
            Double($0.fields[.lr] ?? "")
        }
    }

    @Test(arguments: ["uniform:0:1", "loguniform:1e-4:1", "int:1:50", "uniform:-2.5:1e3", "int:-5:5", "uniform:.5:1"])
    func `a range reads back from its text`(_ text: String) throws {
        let range = try Distribution(text, about: RunSetting.lr.subject)

        #expect(try Distribution("\(range)", about: RunSetting.lr.subject) == range)
    }

    @Test(arguments: [
        ("uniform:1:0", "below its high end"), ("uniform:1:1", "below its high end"),
        ("loguniform:0:1", "no logarithm"), ("loguniform:-1:1", "no logarithm"),
        ("int:0.5:3", "no whole number"), ("int:0:1e300", "no whole number"), ("uniform:0", "not a range to draw from"),
        ("uniform:0:1:5", "not a range to draw from"), ("uniform:a:1", "not a range to draw from"),
        ("uniform:0:inf", "not a range to draw from"), ("uniform:0:1,5", "mixes values"),
        ("uniform:0:1,uniform:2:3", "mixes values"), ("5,int:1:3", "mixes values"),
    ])
    func `a range that makes no sense is named with its flag`(text: String, part: String) {
        let error = #expect(throws: ExperimentError.self) {
            try ValueList.choices(of: text, about: RunSetting.lr.subject)
        }
        #expect(error?.description.hasPrefix("lr: '\(text)'") == true && error?.description.contains(part) == true)
    }

    @Test(
        arguments: [
            (["tpe", "5", nil], "search: there is no 'tpe'"), (["gird", nil, nil], "did you mean 'grid'"),
            (["random", nil, nil], "add trials"), (["sobol", "0", nil], "trials: '0'"),
            (["random", "1000000001", nil], "trials: '1000000001'"), (["random", "5", "x"], "sweep-seed: 'x'"),
            ([nil, "5", nil], "trials: '5' has no meaning for a grid"),
            (["grid", nil, "3"], "sweep-seed: '3' has no meaning for a grid"),
        ] as [([String?], String)])
    func `a search that makes no sense is refused`(flags: [String?], part: String) {
        let error = #expect(throws: ExperimentError.self) {
            try Search(method: flags[0], trials: flags[1], seed: flags[2])
        }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test(arguments: ["random", "sobol"])
    func `a point does not depend on how many there are`(method: String) throws {
        let fields: [RunSetting: String] = [.optimizer: "sgd,adam", .lr: "loguniform:1e-4:1", .batchSize: "int:1:50"]
        let settings = ["momentum=uniform:0:0.99 if optimizer=sgd"]
        let few = try space(method, trials: 20, seed: 5, fields: fields, settings: settings).points()
        let many = try space(method, trials: 300, seed: 5, fields: fields, settings: settings).points()
        let other = try space(method, trials: 20, seed: 6, fields: fields, settings: settings).points()

        #expect(Array(many.prefix(20)) == few)
        #expect(other != few)
        #expect(many.allSatisfy { ($0.hyperparameters["momentum"] != nil) == ($0.fields[.optimizer] == "sgd") })
        #expect(Set(many.compactMap { $0.fields[.optimizer] }) == ["sgd", "adam"])
    }

    @Test
    func `whole numbers reach both ends, evenly`() throws {
        let points = try space("sobol", trials: 500, fields: [.batchSize: "int:1:50"]).points()
        let counts = Dictionary(grouping: points) { $0.fields[.batchSize] }.mapValues(\.count)

        #expect(counts.count == 50 && counts["1"] != nil && counts["50"] != nil)
        #expect(counts.values.allSatisfy { (8...12).contains($0) })
    }

    /// The critical value of the Kolmogorov-Smirnov statistic at 1 %, 1.628 / sqrt(n), for a fixed seed.
    @Test(arguments: [("loguniform:1e-4:1", true, -4.0, 0.0), ("uniform:-3:7", false, -3.0, 7.0)])
    func `drawn values have their distribution`(range: String, isLogarithmic: Bool, low: Double, high: Double) throws {
        let count = 2000
        let places = try rates("random", trials: count, seed: 11, from: range)
            .map { ((isLogarithmic ? log10($0) : $0) - low) / (high - low) }
            .sorted()

        let step = 1 / Double(count)
        var distance = 0.0
        for (index, place) in places.enumerated() {
            let below = Double(index) * step
            distance = max(distance, abs(place - below), abs(place - below - step))
        }

        #expect(places.count == count)
        #expect(distance < 1.628 / Double(count).squareRoot(), "\(distance)")
    }

    /// Warnock's formula for the L2 star discrepancy in two dimensions, squared.
    private func discrepancy(_ points: [[Double]]) -> Double {
        let count = Double(points.count)
        var (single, pairs) = (0.0, 0.0)
        for first in points {
            single += (1 - first[0] * first[0]) * (1 - first[1] * first[1])
            for second in points { pairs += (1 - max(first[0], second[0])) * (1 - max(first[1], second[1])) }
        }
        return 1.0 / 9 - single / (2 * count) + pairs / (count * count)
    }

    @Test(arguments: 0..<5)
    func `sobol fills the square more evenly than random`(seed: Int64) throws {
        let squares = try ["sobol", "random"].map { method in
            try space(
                method, trials: 200, seed: seed, fields: [.lr: "uniform:0:1", .noise: "uniform:0:1"]
            ).points().map { point in [RunSetting.lr, .noise].compactMap { Double(point.fields[$0] ?? "") } }
        }

        #expect(discrepancy(squares[0]) < discrepancy(squares[1]) / 4)
    }

    @Test
    func `a grid refuses what must be drawn, and says how`() {
        let error = #expect(throws: ExperimentError.self) {
            try SearchSpace(fields: [:], settings: ["momentum=uniform:0:0.9"], seeds: "1")
        }
        #expect(error?.description.hasPrefix("set momentum: 'uniform:0:0.9'") == true, "\(error as Any)")
        #expect(error?.description.contains("search random trials 32") == true)
    }

    @Test
    func `a condition on what is drawn is refused`() {
        let error = #expect(throws: ExperimentError.self) {
            try space("random", trials: 3, fields: [.lr: "uniform:0.1:1"], settings: ["momentum=0.9 if lr=0.5"])
        }
        #expect(error?.description.contains("drawn from a range") == true, "\(error as Any)")
    }

    @Test(arguments: 0..<40)
    func `a space reads back from what is stored`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let ranges = ["0.1,1e-1,.5", "log:1e-3:1:4", "loguniform:1e-4:1", "uniform:0.1:3", "lin:0.5:2:3", "7"]
        let method = ["random", "sobol"].randomElement(using: &random) ?? ""
        let space = try space(
            method, trials: Int.random(in: 1...50, using: &random), seed: Int64.random(in: -9...9, using: &random),
            fields: [
                .optimizer: "sgd,adam", .lr: ranges.randomElement(using: &random) ?? "",
                .schedule: "constant,cosine:total=500,min=0",
            ],
            settings: [
                "momentum=\(ranges.randomElement(using: &random) ?? "") if optimizer=sgd",
                "weight_decay=\(ranges.randomElement(using: &random) ?? "")",
            ])
        let stored = try space.canonicalJSON()

        let read = try JSONDecoder().decode(SearchSpace.self, from: Data(stored.utf8))

        #expect(read == space)
        #expect(try read.canonicalJSON() == stored)
        #expect(read.points() == space.points())
    }

    @Test(arguments: ["random", "sobol"])
    func `more trials keep every old point`(method: String) throws {
        let fields: [RunSetting: String] = [.optimizer: "sgd,adam", .lr: "loguniform:1e-3:1"]
        let space = try space(method, trials: 10, seed: 2, fields: fields)

        let larger = try space.extended(fields: [:], settings: [], seeds: "2", trials: "+7")

        #expect(larger.points().count == 17)
        #expect(Array(larger.points().prefix(10)) == space.points())
        #expect(larger.seeds == [1, 2])
    }

    @Test(
        arguments: [
            ("random", [RunSetting.lr: "5"], nil, "lr: the sweep's configurations are drawn"),
            ("random", [:], "7", "trials: '7' is not a number of further trials"),
            ("random", [:], "+0", "trials: '+0'"), ("random", [:], "+9999999", "trials: '+9999999'"),
            ("grid", [:], "+7", "trials: '+7' has no meaning for a grid"),
            ("grid", [.lr: "uniform:0:1"], nil, "lr: a grid cannot get a range"),
        ] as [(String, [RunSetting: String], String?, String)])
    func `an extension that would change what was drawn is refused`(
        method: String, fields: [RunSetting: String], trials: String?, part: String
    ) throws {
        let search = try Search(method: method, trials: method == "grid" ? nil : "4", seed: nil)
        let space = try SearchSpace(fields: [.lr: "0.1,0.2"], settings: [], seeds: "1", search: search)

        let error = #expect(throws: ExperimentError.self) {
            try space.extended(fields: fields, settings: [], seeds: nil, trials: trials)
        }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test
    func `spaces are stored in the bytes that they always had`() throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,adam", .lr: "0.1,1e-2", .stopWhen: "loss=1e-3"],
            settings: ["momentum=0,0.9 if optimizer=sgd"], seeds: "1..2")

        #expect(
            try space.canonicalJSON() == #"""
                {"axes":[{"setting":"optimizer","values":["sgd","adam"]},{"setting":"lr","values":["0.1","1e-2"]},\#
                {"setting":"target","values":["loss=1e-3"]},{"condition":{"setting":"optimizer","values":["sgd"]},\#
                "setting":"momentum","values":["0","0.9"]}],"search":{"method":"grid","seed":0},"seeds":[1,2]}
                """#)
    }

    @Test
    func `a space that was stored without a search is a grid`() throws {
        let stored = #"{"axes":[{"setting":"lr","values":["0.1","1"]}],"seeds":[1,2]}"#

        let space = try JSONDecoder().decode(SearchSpace.self, from: Data(stored.utf8))

        #expect(space.search == .grid)
        #expect(space.points().map { $0.fields[.lr] } == ["0.1", "1"])
    }
}
