import Testing
import TextFormats

@testable import Experiments

/// Values that depend on another setting, as they are typed.
struct ConditionalValuesTests {
    private func parts(_ text: String) throws -> [String] {
        try ConditionalValues(text, about: RunSetting.lr.subject).parts.map { part in
            part.values + (part.condition.map { " | \($0.name) | \($0.values)" } ?? "")
        }
    }

    @Test(arguments: [
        ("0.1", ["0.1"]), ("0.1,log:1e-3:1:4", ["0.1,log:1e-3:1:4"]),
        ("0.1 if optimizer=sgd", ["0.1 | optimizer | sgd"]),
        ("0.1 if optimizer=sgd, 0.001 if optimizer=adam", ["0.1 | optimizer | sgd", "0.001 | optimizer | adam"]),
        ("0.1 if optimizer=sgd,0.001 if optimizer=adam", ["0.1 | optimizer | sgd", "0.001 | optimizer | adam"]),
        (
            "log:1e-3:1:4 if optimizer=sgd, 1e-3,1e-4 if optimizer=adam,adamw",
            ["log:1e-3:1:4 | optimizer | sgd", "1e-3,1e-4 | optimizer | adam,adamw"]
        ),
        (
            "0.1, 0.2 if optimizer=sgd; 1, 2 if optimizer=adam, adamw;3 if optimizer=lion",
            ["0.1, 0.2 | optimizer | sgd", "1, 2 | optimizer | adam, adamw", "3 | optimizer | lion"]
        ),
        (
            "cosine:total=500,min=0 if optimizer=sgd, step:size=50,gamma=0.5 if optimizer=adam",
            ["cosine:total=500,min=0 | optimizer | sgd", "step:size=50,gamma=0.5 | optimizer | adam"]
        ),
    ])
    func `parts end where nobody doubts it`(text: String, parts: [String]) throws {
        #expect(try self.parts(text) == parts)
    }

    @Test(arguments: [
        ("1 if optimizer=sgd,adam,2 if optimizer=lion", "whether 'adam' belongs to the condition"),
        ("1 if optimizer=sgd, adam, 2 if optimizer=lion", "'optimizer=sgd; adam,2' or 'optimizer=sgd,adam; 2'"),
        ("1 if optimizer=sgd if steps=5", "two conditions"), ("1 if", "not complete"),
        ("1 if optimizer", "not complete"),
        ("1 if optimizer=", "not complete"), ("1 if =sgd", "not complete"), ("1 if optimizer=sgd;", "an empty part"),
        (" if optimizer=sgd", "not complete"),
    ])
    func `what could be read in two ways, or in none, is refused`(text: String, part: String) {
        let error = #expect(throws: ExperimentError.self) { try parts(text) }

        #expect(error?.description.hasPrefix("lr: ") == true)
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    private func rates(
        _ rates: String, _ fields: [RunSetting: String] = [.optimizer: "sgd,adam,lion"], settings: [String] = []
    ) throws -> [String] {
        try SearchSpace(fields: fields.merging([.lr: rates]) { $1 }, settings: settings, seeds: "1").points().map {
            point in "\(point.fields[.optimizer] ?? "") \(point.fields[.lr] ?? "default")"
        }
    }

    @Test
    func `each configuration has the values of its part, or the default`() throws {
        let points = try rates("0.1,0.2 if optimizer=sgd, 1e-3 if optimizer=adam")

        #expect(points == ["sgd 0.1", "sgd 0.2", "adam 1e-3", "lion default"])
    }

    @Test
    func `the plan of a point that no part applies to names the setting`() throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,rmsprop,adam", .lr: "0.1 if optimizer=adam"],
            settings: ["momentum=0.9 if optimizer=sgd"], seeds: "1")

        let defaults = space.points().map { point in space.defaulted(in: point).map(\.name) }

        #expect(defaults == [["lr"], ["lr", "momentum"], []])
    }

    @Test
    func `every setting that a sweep holds several values of may have conditions`() throws {
        for setting in RunSetting.all where setting != .optimizer && setting != .seed {
            let text = "10 if optimizer=sgd"
            let values = try SearchSpace.axes(of: .field(setting), text)
            if case .single = setting.sweepForm {
                #expect(values.first?.listed == [text], "\(setting)")
            } else {
                #expect(values.first?.listed == ["10"] && values.first?.condition != nil, "\(setting)")
            }
        }
    }

    @Test(arguments: ["random", "sobol"])
    func `draws come from the range of their part`(method: String) throws {
        let space = try SearchSpace(
            fields: [
                .optimizer: "sgd,adam", .lr: "uniform:1:2 if optimizer=sgd, loguniform:1e-4:1e-3 if optimizer=adam",
            ], settings: [], seeds: "1", search: Search(method: method, trials: "40", seed: nil))

        for point in space.points() {
            let rate = try #require(point.fields[.lr].flatMap { Double($0) })
            #expect((point.fields[.optimizer] == "sgd" ? 1...2 : 1e-4...1e-3).contains(rate))
        }
        #expect(try SearchSpace(json: space.canonicalJSON()).points() == space.points())
    }

    @Test
    func `conditions on two settings exclude each other where one implies the other's opposite`() throws {
        let points = try rates(
            "1 if momentum=0, 2 if momentum=0.9, 3 if optimizer=adam",
            settings: ["momentum=0,0.9 if optimizer=sgd"])

        #expect(points == ["sgd 1", "sgd 2", "adam 3", "lion default"])
    }

    @Test(arguments: [
        ("1 if optimizer=sgd, 2 if optimizer=adam,sgd", "'lr' is given twice, as '1 if optimizer=sgd'"),
        ("1 if optimizer=sgd; 2", "'lr' is given twice"), ("1 if optimizer=sgd, 2 if batch-size=5", "given twice"),
        ("1 if optimizer=Adam", "(did you mean 'adam'?)"), ("1 if optimzer=sgd", "(did you mean 'optimizer'?)"),
        ("1 if loss=mse", "which this sweep does not set; it sets optimizer, batch-size"),
    ])
    func `parts that clash or never apply are refused`(rates: String, part: String) {
        let error = #expect(throws: ExperimentError.self) {
            try self.rates(rates, [.optimizer: "sgd,adam", .batchSize: "5,10"])
        }

        #expect(error?.description.hasPrefix("lr: ") == true)
        #expect(error?.description.contains(part) == true, "\(error as Any)")
    }

    @Test
    func `hyperparameters may come in parts as well`() throws {
        let space = try SearchSpace(
            fields: [.optimizer: "sgd,rmsprop,adam"],
            settings: ["momentum=0.5,0.9 if optimizer=sgd, 0.1 if optimizer=rmsprop"], seeds: "1")

        #expect(space.points().map { $0.hyperparameters["momentum"] } == ["0.5", "0.9", "0.1", nil])
    }

    @Test(
        arguments: [
            ("20", [], "one seed, number 20; write 1..20 for twenty"),
            ("24", [], "one seed, number 24; write 1..24 for 24"),
            ("1", [], nil), ("0", [], nil), ("1..20", [], nil), ("3,4", [], nil),
            ("4", [1, 2, 3], nil), ("20", [1, 2, 3], "one further seed, number 20; write 4..20 for all from 4 on"),
        ] as [(String, [Int64], String?)])
    func `a single seed above 1 is pointed out`(text: String, known: [Int64], hint: String?) throws {
        #expect(SeedList.hint(of: text, beside: known)?.description == hint)
    }

    @Test(arguments: ["1..20", "1,2,5", "-2..0,7", "5,4,3"])
    func `seeds are written as they are read`(text: String) throws {
        #expect(try SeedList.text(of: SeedList.seeds(of: text)) == text)
    }
}
