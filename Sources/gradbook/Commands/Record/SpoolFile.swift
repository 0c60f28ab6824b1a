import Foundation
import Recording
import TextFormats
import Tracking

/// A file of lines that a client wrote while no recorder was there.
struct SpoolFile {
    let descriptor: Int32
    /// That of the run, as the first line says; nil where it says nothing.
    let identity: String?

    /// Opens it for reading from its start.
    init(_ path: String) throws(FileError) {
        let number = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        var status = stat()
        guard number >= 0, fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError("'\(path)' is no file that can be read", advice: "give the file that the client named")
        }
        descriptor = number
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = max(0, pread(number, &bytes, bytes.count, 0))
        let first = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
        var reader = LineReader()
        let line = try? reader.read(Array(first))
        identity = line?.declarations.lazy.compactMap { if case .spool(let run) = $0 { run } else { nil } }.first
    }
}
