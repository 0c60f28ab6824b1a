import Foundation

/// The pipe to which the program and its children write lines of the protocol, in a folder that only this user can enter.
///
/// It has a path, because launchers such as Python's `subprocess` close the descriptor in the programs that they start.
struct ProtocolPipe {
    /// As the program has it: one digit, since some shells cannot redirect to more.
    static let programDescriptor: Int32 = 9

    let reader: Int32
    /// Ours, which keeps the pipe open for processes that open it by its path later.
    let writer: Int32
    private let folder: String
    private var path: String { folder + "/pipe" }
    private var lockPath: String { folder + "/lock" }

    /// In `folder`, which has to be there; nil where no pipe can be made there.
    init?(in parent: String) {
        var template = Array("\(parent)/gradbook-XXXXXX".utf8CString)
        guard template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) != nil else {
            return nil
        }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = folder + "/pipe"
        let lock = open(folder + "/lock", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if lock >= 0 { close(lock) }
        guard mkfifo(path, 0o600) == 0 else {
            rmdir(folder)
            return nil
        }
        reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        writer = open(path, O_WRONLY | O_CLOEXEC)
        guard reader >= 0, writer >= 0 else {
            remove()
            return nil
        }
    }

    /// For the program.
    var environment: [String: String] {
        ["GRADBOOK_FD": "\(Self.programDescriptor)", "GRADBOOK_PIPE": path, "GRADBOOK_LOCK": lockPath]
    }

    /// Takes its files away.
    func remove() {
        unlink(path)
        unlink(lockPath)
        rmdir(folder)
    }
}
