import Foundation

/// The folder a report is written into; each file appears whole or not at all.
struct ReportFolder {
    private let folder: URL

    init(_ folder: URL) throws {
        self.folder = folder
        do {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "data"), withIntermediateDirectories: true)
        } catch {
            throw ReportError(
                "the folder '\(folder.relativePath)' cannot be made; name another with --out")
        }
    }

    func write(_ name: String, _ text: String) throws {
        try write(name) { try $0.write(contentsOf: Data(text.utf8)) }
    }

    /// Lets `body` write a file under another name, which then takes the place of the old one.
    func write<Result>(_ name: String, _ body: (FileHandle) throws -> Result) throws -> Result {
        let target = folder.appending(path: name)
        let partial = folder.appending(path: name + ".partial")
        guard FileManager.default.createFile(atPath: partial.path, contents: nil),
            let file = try? FileHandle(forWritingTo: partial)
        else { throw ReportError("'\(target.relativePath)' cannot be written; name another folder with --out") }
        do {
            let result = try body(file)
            try file.close()
            guard rename(partial.path, target.path) == 0 else {
                throw ReportError("'\(target.relativePath)' cannot be replaced; name another folder with --out")
            }
            return result
        } catch {
            try? FileManager.default.removeItem(at: partial)
            throw error
        }
    }
}

/// Why a report cannot be written, as one sentence with the fix.
package struct ReportError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
