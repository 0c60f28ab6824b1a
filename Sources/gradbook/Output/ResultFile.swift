import Experiments
import Foundation
import TextFormats
import Tracking

/// A file that a person asked for in place of standard output.
enum ResultFile {
    /// Writes what `body` hands out: the file appears whole, in place of one that is there, or not at all.
    ///
    /// A notebook, and whatever is no file, is never replaced. An error names the option that gave the path.
    static func write(
        to path: String, option: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        do {
            try WorkFolder.write(to: URL(filePath: path), body)
        } catch let error as FileError {
            throw ExperimentError(
                .unwritableFile, about: "\(option: option)", error.message, advice: error.advice, underlying: error)
        }
    }
}
