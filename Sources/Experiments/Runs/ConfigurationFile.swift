import Foundation
import Learning
import TextFormats
import Tracking

/// A whole configuration as a run stores it, read from a file to be run again.
package struct ConfigurationFile: Sendable {
    private let path: String
    private let configuration: RunConfiguration
    /// From a file that was named again; nil where they are generated, or are to be found in the notebook.
    private let data: RecordedData?

    /// Whether the data can only come from a notebook that has a run on them.
    package var needsNotebook: Bool { data == nil }

    /// Reads the file at `path`; `seed` takes the place of the configuration's own, and `dataPath` is where the data file
    /// is now, if the configuration is on one.
    package init(path: String, seed: String? = nil, dataPath: String? = nil) throws {
        self.path = path
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ExperimentError(
                .unusableFile, about: "\(option: "config")",
                "'\(path)' cannot be read",
                advice: "give a file that gradbook sweep best \(option: "export") wrote")
        }
        var configuration: RunConfiguration
        do {
            configuration = try RunConfiguration(json: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw ExperimentError(
                .unusableFile, about: "\(option: "config")",
                "'\(path)': \(error.description)")
        }
        if let seed {
            guard let number = Int64(seed) else {
                throw ExperimentError(
                    .invalidValue, about: "\(option: "seed")",
                    "'\(seed)' is not a whole number",
                    advice: "give one such as 7")
            }
            configuration.seed = number
        }
        data = try Self.data(of: configuration, from: dataPath)
        if let data {
            do {
                try configuration.validate(sampleCount: data.data.count)
            } catch {
                throw ExperimentError(
                    .unusableFile, about: "\(option: "config")",
                    "'\(path)': \(error.description)")
            }
        }
        self.configuration = configuration
    }

    /// The run that the file describes, on the data that the notebook has where no others are given.
    package func run(in runner: ExperimentRunner) throws -> PreparedRun {
        let data = try data ?? stored(in: runner)
        return PreparedRun(configuration: configuration, recipe: nil, data: data)
    }

    /// What there is to say when no notebook has the data.
    package var dataAreMissing: ExperimentError {
        ExperimentError(
            .unusableFile, about: "\(option: "config")",
            "the data of '\(path)' are not in this notebook",
            advice: "say where the file is with \(option: "data") FILE.csv")
    }

    // MARK: - Internals

    private static func data(of configuration: RunConfiguration, from path: String?) throws -> RecordedData? {
        switch configuration.data {
        case .chapter:
            guard path == nil else {
                throw ExperimentError(
                    .invalidValue, about: "\(option: "data")",
                    "the configuration is on the chapter's data",
                    advice: "leave '\(path ?? "")' out")
            }
            return RecordedData(try TrainingData.chapter(for: configuration), of: configuration, source: "")
        case .csv(let contentHash, let x, let y, let scale):
            guard let path else { return nil }
            let file = try DataFile(path: path, x: x, y: y, scale: scale)
            guard file.contentHash == contentHash else {
                throw ExperimentError(
                    .unusableFile, about: "\(option: "data")",
                    "'\(path)' is not the file of the configuration: its SHA-256 is \(file.contentHash), "
                        + "not \(contentHash)")
            }
            return RecordedData(file.data, of: configuration, source: path)
        }
    }

    private func stored(in runner: ExperimentRunner) throws -> RecordedData {
        guard let dataset = try runner.dataset(of: configuration.data) else { throw dataAreMissing }
        let data = TrainingData(dataset)
        try configuration.validate(sampleCount: data.count)
        return RecordedData(data, of: configuration, source: dataset.source)
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
