import Foundation
import Hashing
import Tracking

/// What a file holds, by its size and SHA-256.
struct FileContent: Sendable, Equatable {
    let size: Int64
    /// 64 hexadecimal digits.
    let hash: String

    /// Of a regular file, to which a symbolic link may lead; the failure is a clause such as "it is a folder".
    static func read(_ path: String) -> Result<FileContent, Problem> {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return .failure(Problem(String(cString: strerror(errno)))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return .failure(Problem("it is no regular file"))
        }
        var hash = SHA256()
        var size: Int64 = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return .failure(Problem(String(cString: strerror(errno)))) }
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += Int64(count)
        }
        return .success(FileContent(size: size, hash: Hexadecimal.text(hash.digest)))
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
