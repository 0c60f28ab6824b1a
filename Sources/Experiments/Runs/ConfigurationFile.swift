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
        var configuration: RunConfiguration
        do {
            configuration = try RunConfiguration(json: Self.text(of: path))
        } catch let error as LearningError {
            throw Self.refusal(of: path, error)
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
        do {
            // The seed took the place of one that was checked.
            try configuration.validate()
            data = try Self.data(of: configuration, in: path, from: dataPath)
            if let data { try configuration.validate(sampleCount: data.data.count) }
        } catch let error as LearningError {
            throw Self.refusal(of: path, error)
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

    /// The file is what is wrong, not how the command was typed.
    private static func refusal(of path: String, _ error: some MessageError) -> ExperimentError {
        ExperimentError(
            .unusableFile, about: "\(option: "config")", "'\(path)': \(error.message)", advice: error.advice,
            underlying: error)
    }

    /// Reads no more of a file than the longest configuration has.
    private static func text(of path: String) throws(ExperimentError) -> String {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(
                path, upTo: JSONText.largestSize + 1,
                fix: "give a file that gradbook sweep best \(option: "export") wrote")
        } catch {
            throw ExperimentError(
                .unusableFile, about: "\(option: "config")", error.message, advice: error.advice, underlying: error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError(.unusableFile, about: "\(option: "config")", "'\(path)' is not UTF-8 text")
        }
        return text
    }

    private static func data(
        of configuration: RunConfiguration, in configurationPath: String, from path: String?
    ) throws -> RecordedData? {
        switch configuration.data {
        case .chapter:
            guard path == nil else {
                throw ExperimentError(
                    .invalidValue, about: "\(option: "data")",
                    "the configuration is on the chapter's data",
                    advice: "leave '\(path ?? "")' out")
            }
            let data = try TrainingData.chapter(for: configuration)
            do {
                return try RecordedData(data, of: configuration, source: "")
            } catch {
                throw refusal(of: configurationPath, error)
            }
        case .csv(let contentHash, let x, let y, let scale):
            guard let path else { return nil }
            let file = try DataFile(path: path, x: x, y: y, scale: scale)
            guard file.contentHash == contentHash else {
                throw ExperimentError(
                    .unusableFile, about: "\(option: "data")",
                    "'\(path)' is not the file of the configuration: its SHA-256 is \(file.contentHash), "
                        + "not \(contentHash)")
            }
            return try RecordedData(file.data, of: configuration, source: path)
        }
    }

    private func stored(in runner: ExperimentRunner) throws -> RecordedData {
        guard let dataset = try runner.dataset(of: configuration.data) else { throw dataAreMissing }
        let data = try TrainingData(dataset)
        try configuration.validate(sampleCount: data.count)
        return try RecordedData(data, of: configuration, source: dataset.source)
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
