import Foundation
import Learning
import Statistics
import TestSupport
import Testing
import TextFormats
import Tracking

@testable import Experiments

/// More seeds and values for a sweep that is there.
struct SweepExtensionTests {
    @Test(
        arguments: [
            (fields: [:], settings: ["momentum=0.5"], new: ["sgd 0.1 0.5"]),
            (fields: [:], settings: ["momentum=0.5 if optimizer=sgd"], new: ["sgd 0.1 0.5"]),
            (fields: [.lr: "0.2"], settings: [], new: ["sgd 0.2 0", "sgd 0.2 0.9", "adam 0.2 -"]),
            (fields: [.lr: "0.2 if optimizer=adam"], settings: [], new: ["adam 0.2 -"]),
            (fields: [.lr: "0.2 if momentum=0"], settings: [], new: nil),
            (
                fields: [.optimizer: "rmsprop"], settings: ["momentum=0.3 if optimizer=rmsprop"],
                new: ["rmsprop 0.1 0.3"]
            ),
            (fields: [.optimizer: "adam,nadam"], settings: [], new: ["nadam 0.1 -"]),
            (
                fields: [.optimizer: "rmsprop", .lr: "0.2 if optimizer=rmsprop,adam"], settings: [],
                new: ["adam 0.2 -", "rmsprop 0.1 -", "rmsprop 0.2 -"]
            ),
        ] as [(fields: [RunSetting: String], settings: [String], new: [String]?)])
    func `values extend what has them, and only that`(
        fields: [RunSetting: String], settings: [String], new: [String]?
    ) throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,adam", .lr: "0.1"], settings: ["momentum=0,0.9 if optimizer=sgd"], seeds: "1")

        let larger = try? space.extended(fields: fields, settings: settings, seeds: nil)

        func words(_ space: SearchSpace) -> [String] {
            space.points().map { point in
                [point.fields[.optimizer], point.fields[.lr], point.hyperparameters["momentum"]].map { $0 ?? "-" }
                    .joined(separator: " ")
            }
        }
        #expect(larger.map { Set(words($0)).subtracting(words(space)) } == new.map(Set.init))
        if let larger {
            #expect(Set(words(space)).isSubset(of: words(larger)) && Set(words(larger)).count == words(larger).count)
        }
    }

    @Test(
        arguments: [
            (["weight_decay=0.1"], "sgd,adam", ["sgd 0", "sgd 0.1", "adam 0", "adam 0.1"]),
            (
                ["weight_decay=0.1"], "sgd,adamw,adam",
                ["sgd 0", "sgd 0.1", "adamw 0.01", "adamw 0.1", "adam 0", "adam 0.1"]
            ),
            (["weight_decay=0.1 if optimizer=adamw"], "sgd,adamw", ["sgd -", "adamw 0.01", "adamw 0.1"]),
            (["weight_decay=0.1"], nil, ["- 0", "- 0.1"]),
        ] as [([String], String?, [String])])
    func `of a hyperparameter that was not set, the default stands beside the new values`(
        settings: [String], optimizers: String?, points: [String]
    ) throws {
        var fields: [RunSetting: String] = [.steps: "3"]
        fields[.optimizer] = optimizers
        let space = try SearchSpace(fields: fields, settings: [], seeds: "1")

        let larger = try space.extended(fields: [:], settings: settings, seeds: nil)

        let words = larger.points().map { point in
            "\(point.fields[.optimizer] ?? "-") \(point.hyperparameters["weight_decay"] ?? "-")"
        }
        #expect(Set(words) == Set(points) && words.count == points.count)
        #expect(try Set(configurations(space)).isSubset(of: configurations(larger)))
    }

    @Test
    func `an optimizer without the hyperparameter gets no run for it`() throws {
        let space = try SearchSpace(fields: [.optimizer: "sgd,adam,rmsprop"], settings: [], seeds: "1")

        let larger = try space.extended(fields: [:], settings: ["momentum=0.9"], seeds: nil)

        #expect(larger.points().map { $0.hyperparameters["momentum"] } == ["0", "0.9", nil, "0", "0.9"])
    }

    private func configurations(_ space: SearchSpace) throws -> [String] {
        try SweepPlanner.plan(space).runs.map { try $0.configuration.canonicalJSON() }
    }

    @Test(arguments: 0..<30)
    func `an extension keeps every old point, and adds each new one once`(seed: Int) throws {
        var random = SplitMix(seed: UInt64(seed))
        let rates = ["0.1", "1e-1", "0.01", "0.5", "log:1e-3:1:4", "lin:0.2:0.4:3"]
        func some(_ values: [String]) -> String {
            values.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)).joined(separator: ",")
        }
        var fields: [RunSetting: String] = [.optimizer: some(["sgd", "adam", "rmsprop"]) + ",sgd", .lr: some(rates)]
        fields[.steps] = "3"
        if Bool.random(using: &random) { fields[.batchSize] = some(["10", "full", "7"]) }
        let setting = "momentum=\(some(["0", "0.9", "0.5"])) if optimizer=sgd"
        let space = try SearchSpace(fields: fields, settings: [setting], seeds: "1..2")
        var more: [RunSetting: String] = [.lr: some(rates)]
        if fields[.batchSize] != nil { more[.batchSize] = some(["10", "full", "20"]) }
        let furtherSetting = "momentum=\(some(["0", "0.7", "0.5"])) if optimizer=sgd"

        let larger = try space.extended(fields: more, settings: [furtherSetting], seeds: "2..\(seed % 3 + 2)")

        let (old, new) = try (configurations(space), configurations(larger))
        #expect(Set(old).isSubset(of: new), "seed \(seed)")
        #expect(Set(new).count == new.count)
        #expect(try configurations(larger.extended(fields: more, settings: [furtherSetting], seeds: "1..2")) == new)
        #expect(try SearchSpace(json: larger.canonicalJSON()) == larger)
    }

    @Test(
        arguments: [
            (1...8, nil), (1...9, [1, 2, 3]), (0...19, [0, 1, 2, 3, 4]), (-5...18, [-5, -4, -3, -2, -1, 0]),
        ] as [(ClosedRange<Int64>, Set<Int64>?)])
    func `the first quarter of the seeds chooses, from nine on`(seeds: ClosedRange<Int64>, choosing: Set<Int64>?) {
        #expect(ConfigurationChoice.choosingSeeds(of: seeds.reversed()) == choosing)
    }

    @Test(arguments: [
        (fields: [RunSetting.batchSize: "5"], settings: [String](), text: "batch-size: the sweep does not set it"),
        (fields: [:], settings: ["beta1=0.5 if lr=0.1"], text: "set beta1: the sweep does not set it"),
        (fields: [:], settings: ["momentum=0.5 if optimizer=adam"], text: "under this condition"),
        (fields: [.lr: "log:0:1:5"], settings: [], text: "which has no logarithm"),
    ])
    func `what the sweep does not set cannot get more values`(
        fields: [RunSetting: String], settings: [String], text: String
    ) throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,adam", .lr: "0.1"], settings: ["momentum=0,0.9 if optimizer=sgd"], seeds: "1")

        let error = #expect(throws: ExperimentError.self) {
            try space.extended(fields: fields, settings: settings, seeds: nil)
        }

        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }
}
