import Foundation
import Learning
import TextFormats
import Tracking

/// A file that says what a run is: settings by the names of the flags, or a whole configuration as a run stores it.
///
/// Flags take the place of what it says; see ``OverriddenSettings``.
package struct ConfigurationFile: Sendable {
    private enum Source {
        case prepared(PreparedRun)
        /// On data that only a notebook has.
        case waiting(OverriddenConfiguration)
    }

    private let path: String
    private let source: Source

    /// Whether the data can only come from a notebook that has a run on them.
    package var needsNotebook: Bool {
        if case .waiting = source { true } else { false }
    }

    /// Reads the file at `path`, and takes what `flags` give in place of what it has.
    package init(path: String, overriddenBy flags: GivenSettings) throws {
        self.path = path
        let text = try ConfigurationText(path: path)
        if text.isOfRun {
            let configuration = try OverriddenConfiguration(text, by: flags)
            source = try configuration.run().map(Source.prepared) ?? .waiting(configuration)
        } else {
            let settings = try SettingsFile(text).overridden(by: flags)
            source = .prepared(
                try settings.locating { given in
                    var parser = SettingsParser()
                    return try parser.parse(RawSettings(given))
                })
        }
    }

    /// The run that the file describes, on the data that the notebook has where no others are given.
    package func run(in runner: ExperimentRunner) throws -> PreparedRun {
        switch source {
        case .prepared(let run): return run
        case .waiting(let configuration):
            guard let dataset = try runner.dataset(of: configuration.data) else { throw dataAreMissing }
            return try configuration.run(on: TrainingData(dataset), from: dataset.source)
        }
    }

    /// What there is to say when no notebook has the data.
    package var dataAreMissing: ExperimentError {
        ExperimentError(
            .unusableFile, about: "\(option: "config")",
            "the data of '\(path)' are not in this notebook",
            advice: "say where the file is with \(option: "data") FILE.csv")
    }
}

extension ExperimentRunner {
    /// The data of some run on the same data; nil if there is none.
    fileprivate func dataset(of data: DataConfiguration) throws -> Dataset? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(data), as: UTF8.self)
        return try store.datasets.id(ofRunsWith: json).map { try store.datasets.find(id: $0) }
    }
}
