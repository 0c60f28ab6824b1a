package import Foundation
import TextFormats

/// Brings a finished file to its place in one moment, across file systems.
package enum AtomicFile {
    /// Copies `source` beside `target`, waits for the disk, and gives it the name: a reader sees all of it or nothing.
    ///
    /// An older file of the name is replaced.
    package static func copy(_ source: URL, to target: URL) throws(ExperimentError) {
        let partial = target.deletingLastPathComponent().appending(
            path: ".\(target.lastPathComponent).\(UUID().uuidString)")
        do {
            try FileManager.default.copyItem(at: source, to: partial)
            let file = try FileHandle(forUpdating: partial)
            try file.synchronize()
            try file.close()
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw ExperimentError(
                .unwritableFile,
                "'\(target.relativePath)' cannot be written: \(error.localizedDescription)")
        }
        guard rename(partial.path, target.path) == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(at: partial)
            throw ExperimentError(
                .unwritableFile,
                "'\(target.relativePath)' cannot be written: \(reason)")
        }
    }
}
