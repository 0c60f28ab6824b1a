import Foundation
import Learning
import TestModels
import TestRows
import Testing
import TextFormats

@testable import Experiments

/// The table of a run's settings.
struct RunSettingTests {
    /// A value of each setting that is not the default.
    private static let examples: [RunSetting: String] = [
        .recipe: "numpy", .model: "series:degree=2", .optimizer: "adam", .lr: "0.25", .batchSize: "7", .steps: "31",
        .epochs: "3",
        .schedule: "cosine:total=500", .clip: "norm=1", .stopWhen: "loss=1e-3", .loss: "half-sum", .dtype: "float32",
        .gradients: "manual", .sampling: "iid", .initialization: "w=0.5,b=0", .samples: "50", .noise: "0.5",
        .dataSeed: "9", .rng: "torch", .seed: "8",
    ]

    /// Those of a data file, which need one.
    private static let withoutExample: Set<RunSetting> = [
        .data, .x, .y, .scale, .delimiter, .decimal, .encoding, .noHeader, .skipLines, .skipRows, .skipMissing,
    ]

    @Test(arguments: RunSetting.all.filter { !withoutExample.contains($0) })
    func `a setting changes the configuration where the table says`(setting: RunSetting) throws {
        let example = try #require(Self.examples[setting], "give an example for --\(setting)")
        TestModels.register()
        var parser = SettingsParser()

        let plain = try parser.parse(RawSettings()).configuration
        let changed = try parser.parse(RawSettings(fields: [setting: example])).configuration

        #expect(changed != plain)
        if let path = setting.path { #expect(try value(at: path, in: changed) != value(at: path, in: plain)) }
    }

    @Test
    func `the model can be named, and one that does not exist is refused`() throws {
        var parser = SettingsParser()

        #expect(try parser.parse(RawSettings(fields: [.model: "quadratic"])).configuration.model == .quadratic)
        let error = #expect(throws: ExperimentError.self) { try parser.parse(RawSettings(fields: [.model: "cubic"])) }
        #expect(error?.description.hasPrefix("model: there is no model 'cubic'") == true, "\(error as Any)")
    }

    @Test(arguments: [[.gradients: "manual"], [.recipe: "numpy"]] as [[RunSetting: String]])
    func `gradients by hand of a model that has none are refused about the gradients`(
        fields: [RunSetting: String]
    ) throws {
        TestModels.register()
        var parser = SettingsParser()

        let error = #expect(throws: ExperimentError.self) {
            try parser.parse(RawSettings(fields: fields.merging([.model: "exponential"]) { $1 }))
        }

        #expect(
            error?.description
                == "gradients: the model exponential has no gradients written by hand; choose autograd or tape")
    }

    @Test
    func `every setting has one name and one entry`() {
        #expect(Set(RunSetting.all.map(\.name)).count == RunSetting.all.count)
        #expect(Set(RunSetting.all).count == RunSetting.all.count)
    }

    @Test(arguments: RunSetting.all.filter { $0.canChangeInFork })
    func `a setting that a fork may change changes its configuration`(setting: RunSetting) throws {
        var parser = SettingsParser()
        let parent = try parser.parse(RawSettings()).configuration
        let example = try #require(Self.examples[setting])

        let changed = try ForkChanges(["\(setting.nameInChanges)=\(example)"]).applied(to: parent)

        #expect(changed != parent)
        guard case .removable = setting.forkChange else { return }
        #expect(try ForkChanges(["\(setting.nameInChanges)=none"]).applied(to: changed) == parent)
    }

    private func value(at path: String, in configuration: RunConfiguration) throws -> String {
        let json = try JSONSerialization.jsonObject(with: Data(configuration.canonicalJSON().utf8))
        let value = path.split(separator: ".").reduce(json as Any?) { ($0 as? [String: Any])?[String($1)] }
        return "\(value ?? "nothing")"
    }
}
