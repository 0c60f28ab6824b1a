import Testing
import TextFormats

@testable import Tracking

/// What a recorded run was asked to do.
struct RecordedConfigurationTests {
    @Test(arguments: [
        ("python t.py --seed 3", "python t.py --seed {seed}", "3"), ("t --seed=-7 x", "t --seed={seed} x", "-7"),
        ("t seed=12", "t seed={seed}", "12"), ("t -seed 1", "t -seed {seed}", "1"), ("t seed 3", "t seed 3", ""),
        ("t --seed x", "t --seed x", ""), ("t --seed", "t --seed", ""), ("t --seeds 3", "t --seeds 3", ""),
        ("t --seed=", "t --seed=", ""),
        ("t --seed 3 --seed 4", "t --seed 3 --seed 4", ""), ("t --seed 3 {seed}", "t --seed {seed} {{seed}}", "3"),
    ])
    func `the seed among a command's words is the run's`(command: String, template: String, seed: String) {
        let configuration = RecordedConfiguration(command: command.split(separator: " ").map(String.init))

        #expect(configuration.command.joined(separator: " ") == template)
        #expect(configuration.seed == Int64(seed))
    }

    @Test
    func `runs that differ in nothing but the seed are replicates`() {
        let runs = [1, 2].map { RecordedConfiguration(command: ["t", "--seed", "\($0)"]) }

        #expect(runs[0].groupID == runs[1].groupID)
        #expect(runs[0].hash != runs[1].hash)
        #expect(RecordedConfiguration(command: ["u", "--seed", "1"]).groupID != runs[0].groupID)
    }

    @Test
    func `equal settings have equal texts, which read back`() throws {
        var (first, second) = (RecordedConfiguration(), RecordedConfiguration())
        let hostile = "\"\\\u{1}é;DROP"
        let text = JSONValue.Member(name: hostile, value: .string(hostile))
        let isSet = [
            first.set([.init(name: "lr", value: .number("1e-1")), text]),
            second.set([text, .init(name: "lr", value: .number("0.10"))]),
            second.set([.init(name: "seed", value: .number("9223372036854775807"))]),
        ]
        #expect(isSet == [true, true, true])

        #expect(first.groupID == second.groupID)
        let read = try #require(RecordedConfiguration(json: second.json))
        #expect(read.json == second.json && read.seed == .max)
    }

    @Test
    func `settings beyond the limit change nothing`() {
        var configuration = RecordedConfiguration()
        let large = String(repeating: "x", count: RecordedConfiguration.largestSize)

        let isSet = configuration.set([
            .init(name: "a", value: .number("1")), .init(name: "b", value: .string(large)),
        ])
        #expect(!isSet)
        #expect(configuration == RecordedConfiguration())
    }
}
