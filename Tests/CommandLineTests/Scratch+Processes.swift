import Foundation
import TestSupport
import Testing

extension Scratch {
    /// Starts the program here and does not wait for it; what it says goes to the file `NAME.err`.
    func start(
        _ arguments: [String], name: String = "started", environment: [String: String] = [:]
    ) throws -> Process {
        let error = folder.appending(path: "\(name).err")
        try Data().write(to: error)
        return try Program.gradbook.start(
            arguments, in: folder, environment: environment, error: FileHandle(forWritingTo: error))
    }

    func text(of file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// Waits until `query` finds something; false when the process ended before.
    func wait(for query: String, while process: Process) throws -> Bool {
        while process.isRunning {
            if try shell("sqlite3 -readonly gradbook.db \(Self.quoted(query))").output.isEmpty == false { return true }
        }
        return false
    }

    /// One hash over what a query finds, whose rows may be millions.
    func hash(of query: String, in file: String = "gradbook.db") throws -> String {
        let invocation = try shell("sqlite3 \(file) \(Self.quoted(query)) | sha256sum")
        #expect(invocation.error.isEmpty, "\(invocation.error)")
        return invocation.output
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
