import Crypto
import Foundation
package import Learning
import TextFormats
import Tracking

/// Two columns of a file on disk, read once: scaled for training, and named by the hash of the file's bytes.
package struct DataFile: Sendable {
    package let path: String
    package let contentHash: String
    package let x: String
    package let y: String
    package let scale: DataConfiguration.Scale
    package let data: TrainingData

    /// - Throws: `ExperimentError` for a file that cannot be read or a column that is not all numbers.
    package init(path: String, x: String, y: String, scale: DataConfiguration.Scale) throws(ExperimentError) {
        let bytes = try Self.read(path)
        let name = URL(filePath: path).lastPathComponent
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError(
                .unusableFile,
                "\(name) is not UTF-8 text",
                advice: "save it as CSV in UTF-8")
        }
        let (xs, ys) = try Self.columns(x, y, of: text, name: name)
        let scaling =
            switch scale {
            case .none: Scaling.none
            case .normalize: Scaling.normalizing(x: xs, y: ys)
            }
        self.path = path
        self.x = x
        self.y = y
        self.scale = scale
        contentHash = ContentHash.sha256(of: bytes)
        data = scaling.applied(x: xs, y: ys)
        guard data.x.allSatisfy({ ($0 * $0).isFinite }), data.y.allSatisfy(\.isFinite) else {
            throw ExperimentError(
                .unusableFile,
                "\(name): x^2 or y is too large for a 64-bit number",
                advice: "try \(option: "scale") normalize")
        }
    }

    /// Columns that are known without reading the file, from a notebook that has runs on them.
    init(
        path: String, contentHash: String, x: String, y: String, scale: DataConfiguration.Scale, data: TrainingData
    ) {
        (self.path, self.contentHash, self.x, self.y) = (path, contentHash, x, y)
        (self.scale, self.data) = (scale, data)
    }

    /// What a configuration says of this file.
    package var configuration: DataConfiguration {
        .csv(contentHash: contentHash, x: x, y: y, scale: scale)
    }

    private static func columns(
        _ x: String, _ y: String, of text: String, name: String
    ) throws(ExperimentError) -> ([Double], [Double]) {
        do throws(CSVError) {
            let table = try CSVTable(text, name: name)
            return (try table.numbers(in: x), try table.numbers(in: y))
        } catch {
            throw ExperimentError(
                error.code == .noColumn ? .invalidValue : .unusableFile, error.message, advice: error.advice,
                underlying: error)
        }
    }

    private static func read(_ path: String) throws(ExperimentError) -> [UInt8] {
        do throws(FileError) {
            return try InputFile.read(path, fix: "give the path of a CSV file, or chapter")
        } catch {
            throw ExperimentError(.unusableFile, error.message, advice: error.advice, underlying: error)
        }
    }
}
