import Foundation

/// The folder a report is written into: its files appear together at the end, or the folder stays as it was.
///
/// Until then they stand there with `.partial` after their names.
struct ReportFolder {
    private let folder: URL
    private var names: [String] = []

    /// Lets `body` add files, then shows them all under their names.
    static func write(to folder: URL, _ body: (inout ReportFolder) throws -> Void) throws {
        var files = try ReportFolder(folder)
        do {
            try body(&files)
            try files.publish()
        } catch {
            files.discard()
            throw error
        }
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        try add(name) { write in try write(bytes) }
    }

    /// Adds a file whose bytes `body` hands out piece by piece.
    mutating func add<Result>(_ name: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Result) throws
        -> Result
    {
        names.append(name)
        let path = partial(name).path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Self.cannotWrite(folder.appending(path: name)) }
        defer { try? file.close() }
        let target = folder.appending(path: name)
        return try body { bytes in
            do {
                try file.write(contentsOf: bytes)
            } catch {
                throw Self.cannotWrite(target)
            }
        }
    }

    // MARK: - Internals

    private init(_ folder: URL) throws {
        self.folder = folder
        for directory in [folder, folder.appending(path: "data")] {
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: directory.path, isDirectory: &isDirectory), !isDirectory.boolValue
            {
                throw ReportError(
                    .cannotWrite,
                    "'\(directory.relativePath)' is a file, but a report is a folder; name another with --out")
            }
        }
        do {
            try FileManager.default.createDirectory(
                at: folder.appending(path: "data"), withIntermediateDirectories: true)
        } catch {
            throw ReportError(
                .cannotWrite, "the folder '\(folder.relativePath)' cannot be made; name another with --out")
        }
    }

    private func publish() throws {
        for name in names {
            let target = folder.appending(path: name)
            guard rename(partial(name).path, target.path) == 0 else { throw Self.cannotWrite(target) }
        }
    }

    private func discard() {
        for name in names { try? FileManager.default.removeItem(at: partial(name)) }
    }

    private func partial(_ name: String) -> URL {
        folder.appending(path: name + ".partial")
    }

    private static func cannotWrite(_ target: URL) -> ReportError {
        ReportError(
            .cannotWrite,
            "'\(target.relativePath)' cannot be written (no space or no permission); name another folder with --out")
    }
}
