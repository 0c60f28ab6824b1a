import Testing
import TextFormats

@testable import Experiments

/// The grammar of a sweep's values, and the points they span.
struct SearchSpaceTests {
    @Test(arguments: [
        ("sgd,adam", ["sgd", "adam"]),
        ("0.1,1e-1,.1,0.10", ["0.1"]),
        ("1e1,10", ["1e1"]),
        ("log:1e-308:1e308:3", ["1e-308", "1", "1e+308"]),
        ("10,full", ["10", "full"]),
        ("log:1e-3:1:4", ["0.001", "0.01", "0.1", "1"]),
        ("log:1e-3:1:3", ["0.001", "0.0316227766017", "1"]),
        ("lin:0:0.5:6", ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]),
        ("0.5,lin:1:2:3", ["0.5", "1", "1.5", "2"]),
    ])
    func `a list is read as its values, each number in one spelling`(text: String, values: [String]) throws {
        #expect(try ValueList.values(of: text, about: RunSetting.lr.subject) == values)
    }

    @Test(arguments: [
        "log:0:1:5", "log:-1:1:5", "log:1:0.1:3", "log:1:1:3", "lin:0:1:1", "lin:0:1", "lin:0:1:2:3", "log:a:1:3",
        "lin:0:inf:3", "lin:0:1:99999999", "", "0.1,", ",0.1",
    ])
    func `a range or list that makes no sense is named with its flag`(_ text: String) {
        let error = #expect(throws: ExperimentError.self) {
            try ValueList.values(of: text, about: RunSetting.lr.subject)
        }
        #expect(error?.description.hasPrefix("lr: ") == true)
    }

    @Test(
        arguments: [
            ("1..3", [1, 2, 3]), ("1,2,5", [1, 2, 5]), ("1..3,2,7", [1, 2, 3, 7]), ("-2..0", [-2, -1, 0]),
        ] as [(String, [Int64])])
    func `seeds are ranges and lists`(text: String, seeds: [Int64]) throws {
        #expect(try SeedList.seeds(of: text) == seeds)
    }

    @Test(arguments: [
        "", "3..1", "1..", "a", "1...3", "0..9223372036854775807", "-9223372036854775808..9223372036854775807",
    ])
    func `what is no list of seeds is refused`(_ text: String) {
        #expect(throws: ExperimentError.self) { try SeedList.seeds(of: text) }
    }

    @Test
    func `points are all combinations, the last axis turning fastest`() throws {
        let space = try SearchSpace(fields: [.lr: "0.1,0.2", .batchSize: "5,full"], settings: [], seeds: "1")

        #expect(
            space.points() == [
                RawSettings(fields: [.lr: "0.1", .batchSize: "5"]),
                RawSettings(fields: [.lr: "0.1", .batchSize: "full"]),
                RawSettings(fields: [.lr: "0.2", .batchSize: "5"]),
                RawSettings(fields: [.lr: "0.2", .batchSize: "full"]),
            ])
    }

    @Test
    func `a conditional axis exists only where its condition holds`() throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,adam"],
            settings: ["momentum=0,0.9 if optimizer=sgd", "nesterov=true,false if momentum=9e-1"], seeds: "1")

        #expect(
            space.points() == [
                RawSettings(fields: [.optimizer: "sgd"], hyperparameters: ["momentum": "0"]),
                RawSettings(fields: [.optimizer: "sgd"], hyperparameters: ["momentum": "0.9", "nesterov": "true"]),
                RawSettings(fields: [.optimizer: "sgd"], hyperparameters: ["momentum": "0.9", "nesterov": "false"]),
                RawSettings(fields: [.optimizer: "adam"]),
            ])
    }

    @Test(arguments: [
        "momentum", "=0.9", "momentum=", "momentum=0.9 if", "momentum=0.9 if optimizer", "momentum=0.9 if colour=red",
        "momentum=0.9 if momentum=0.9",
    ])
    func `a setting or condition that cannot be understood is refused`(_ setting: String) {
        let error = #expect(throws: ExperimentError.self) {
            try SearchSpace(fields: [.optimizer: "sgd"], settings: [setting], seeds: "1")
        }
        #expect(error?.description.hasPrefix("set") == true)
    }

    @Test(arguments: [("sgd", false), ("sgd,adam", true)])
    func `a condition is suggested where optimizers differ in what they have`(optimizers: String, isSuggested: Bool)
        throws
    {
        let space = try SearchSpace(fields: [.optimizer: optimizers], settings: ["beta1=0.9"], seeds: "1")

        let error = #expect(throws: ExperimentError.self) { try ExpandedSweep(space) }

        #expect(error?.description.contains("'beta1' is not a hyperparameter of sgd") == true)
        #expect(error?.description.contains(" if optimizer=") == isSuggested)
    }

    @Test
    func `no condition is suggested for what a schedule does not have`() throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,adam", .schedule: "step:size=50"], settings: [], seeds: "1")

        let error = #expect(throws: ExperimentError.self) { try ExpandedSweep(space) }

        #expect(error?.description.contains("'size' is not a hyperparameter of the schedule step") == true)
        #expect(error?.description.contains(" if optimizer=") == false)
    }

    @Test
    func `conditions may be typed in any order`() throws {
        let settings = ["nesterov=true,false if momentum=0.9", "momentum=0,0.9 if optimizer=sgd"]
        let forth = try SearchSpace(fields: [.optimizer: "sgd,adam"], settings: settings, seeds: "1")
        let back = try SearchSpace(fields: [.optimizer: "sgd,adam"], settings: settings.reversed(), seeds: "1")

        #expect(forth == back)
        #expect(forth.points().count == 4)
    }

    @Test
    func `one setting may have a list for each of several optimizers`() throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,rmsprop,adam"],
            settings: ["momentum=0.5,0.9 if optimizer=sgd", "momentum=0.1 if optimizer=rmsprop"], seeds: "1")

        #expect(space.points().map { $0.hyperparameters["momentum"] } == ["0.5", "0.9", "0.1", nil])
    }

    @Test(arguments: [
        (["momentum=0.5", "momentum=0.9"], "'momentum' is given twice"),
        (["momentum=0.5 if optimizer=sgd", "momentum=0.9"], "'momentum' is given twice"),
        (["momentum=0.9 if optimizer=sdg"], "optimizer=sdg, which never holds (did you mean 'sgd'?)"),
        (["momentum=0.9 if nesterov=true", "nesterov=true if momentum=0.9"], "in a circle"),
    ])
    func `what could only be dropped in silence is refused`(settings: [String], part: String) {
        let error = #expect(throws: ExperimentError.self) {
            try SearchSpace(fields: [.optimizer: "sgd,adam"], settings: settings, seeds: "1")
        }
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test
    func `lists of which each run has only its optimizer's do not multiply`() throws {
        let optimizers = ["adam", "adamw", "nadam", "radam", "adamax"]
        let settings = optimizers.flatMap { optimizer in
            ["beta1", "beta2"].map { "\($0)=lin:0.5:0.9:10 if optimizer=\(optimizer)" }
        }

        let space = try SearchSpace(
            fields: [.optimizer: optimizers.joined(separator: ",")], settings: settings, seeds: "1..2000")

        #expect(space.points().count == 500)
        #expect(!space.hasMoreCombinations(than: 500) && space.hasMoreCombinations(than: 499))
    }

    @Test
    func `a space beyond all reason is refused before it fills the memory`() {
        let error = #expect(throws: ExperimentError.self) {
            try SearchSpace(
                fields: [.lr: "log:1e-3:1:1000", .noise: "lin:0:1:1000"], settings: [], seeds: "1..1000")
        }
        #expect(error?.description.contains("1000000 runs") == true)
    }
}
