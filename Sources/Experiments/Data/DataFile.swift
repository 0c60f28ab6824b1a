import Foundation
package import Learning
package import TextFormats
import Tracking

/// Two columns of a file on disk, read once: scaled for training, and named by the hash of the file's bytes.
package struct DataFile: Sendable {
    /// A file's bytes, read whole: a pipe gives them only once.
    package struct Contents: Sendable {
        /// More is no table of two columns that anybody fits, or a pipe without an end.
        private static let largestSize = 1 << 29

        let path: String
        let bytes: [UInt8]
        let hash: String

        /// Reads the file at `path`; `-` is standard input.
        package init(path: String) throws(ExperimentError) {
            let path = path == "-" ? "/dev/stdin" : path
            do throws(FileError) {
                bytes = try InputFile.read(
                    path, upTo: Self.largestSize + 1, fix: "give the path of a CSV file, - with a pipe, or chapter")
            } catch {
                throw ExperimentError(.unusableFile, error.message, advice: error.advice, underlying: error)
            }
            guard bytes.count <= Self.largestSize else {
                throw ExperimentError(
                    .unusableFile, "\(Self.name(of: path)) has more than \(Self.largestSize >> 20) MiB",
                    advice: "cut the two columns out of it, or see whether it ever ends")
            }
            self.path = path
            hash = ContentHash.sha256(of: bytes)
        }

        /// What errors call it.
        var name: String { Self.name(of: path) }

        private static func name(of path: String) -> String {
            switch InputFile.openNumber(at: path) {
            case STDIN_FILENO: "standard input"
            case nil: URL(filePath: path).lastPathComponent
            default: path
            }
        }

        /// What the notebook calls the file at a path: nobody finds a pipe again.
        static func source(of path: String) -> String {
            switch InputFile.openNumber(at: path == "-" ? "/dev/stdin" : path) {
            case STDIN_FILENO: "standard input"
            case nil: path
            default: "a pipe"
            }
        }
    }

    /// Where it was read, or what it was read from.
    package let path: String
    package let contentHash: String
    package let x: String
    package let y: String
    package let scale: DataConfiguration.Scale
    package let data: TrainingData
    /// How it was read.
    package let format: CSVFormat
    /// What a person should know of how it was read.
    package let notes: [MessageText]

    /// - Throws: `ExperimentError` for a file that cannot be read, a column that is not all numbers, or numbers of which `model` has
    ///   infinite features.
    package init(
        _ contents: Contents, x: String, y: String, scale: DataConfiguration.Scale, options: CSVOptions,
        model: ModelConfiguration
    ) throws(ExperimentError) {
        guard x != y else {
            throw ExperimentError(
                .invalidValue,
                "\(option: RunSetting.x.name) and \(option: RunSetting.y.name) are both the column '\(x)', which fits itself",
                advice: "name another column")
        }
        let columns: CSVColumns
        do throws(CSVError) {
            columns = try CSVColumns([x, y], of: contents.bytes, name: contents.name, options: options)
        } catch {
            throw ExperimentError(
                error.code == .noColumn ? .invalidValue : .unusableFile, error.message, advice: error.advice,
                underlying: error)
        }
        let (xs, ys) = (columns.numbers[0], columns.numbers[1])
        let scaling =
            switch scale {
            case .none: Scaling.none
            case .normalize: Scaling.normalizing(x: xs, y: ys)
            }
        (path, contentHash) = (Contents.source(of: contents.path), contents.hash)
        (self.x, self.y, self.scale) = (x, y, scale)
        (format, notes) = (columns.format, columns.notes)
        data = scaling.applied(x: xs, y: ys)
        try Self.checkRange(data, name: contents.name, scale, model)
    }

    /// Columns that are known without reading the file, from a notebook that has runs on them.
    init(
        path: String, contentHash: String, x: String, y: String, scale: DataConfiguration.Scale, format: CSVFormat,
        data: TrainingData
    ) {
        (self.path, self.contentHash, self.x, self.y) = (path, contentHash, x, y)
        (self.scale, self.format, self.data, notes) = (scale, format, data, [])
    }

    /// What a configuration says of this file.
    package var configuration: DataConfiguration {
        .csv(contentHash: contentHash, x: x, y: y, scale: scale, format: format)
    }

    /// Refuses what a model cannot compute with, in words about that model.
    private static func checkRange(
        _ data: TrainingData, name: String, _ scale: DataConfiguration.Scale, _ configuration: ModelConfiguration
    ) throws(ExperimentError) {
        let model = configuration.model
        let bad =
            data.x.first { !model.features(of: $0).allSatisfy(\.isFinite) }.map { ("x", $0) }
            ?? data.y.first { !$0.isFinite }.map { ("y", $0) }
        guard let (column, value) = bad else { return }
        let what: MessageText =
            column == "x"
            ? "x = \(NumberText.exact(value)) is too large for the model \(configuration.text), \(type(of: model).summary): "
                + "what it computes of it leaves the range of 64-bit numbers"
            : "y is too large for a 64-bit number"
        throw ExperimentError(
            .unusableFile, "\(name): \(what)",
            advice: scale == .none ? "try \(option: "scale") normalize" : "divide the column by a power of ten")
    }
}
