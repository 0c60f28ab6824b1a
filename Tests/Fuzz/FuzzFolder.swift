import Foundation
import TestSupport
import Testing

/// A folder with a notebook, a data file and a configuration to change, and a file that nothing may change.
final class FuzzFolder {
    let folder: URL
    private let program: URL
    private let victim: [UInt8]

    init() throws {
        program = try TestedProgram.file
        folder = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        victim = []
        try prepare()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func prepare() throws {
        for arguments in [
            ["run", "--steps", "30", "--name", "first", "--db", "victim.db"],
            ["sweep", "s", "--optimizer", "sgd,adam", "--lr", "0.05,0.1", "--seeds", "1..3", "--steps", "20"],
            ["sweep", "h", "--lr", "0.05,0.1,0.2,0.4", "--seeds", "1..2", "--steps", "16", "--search", "halving"],
            ["run", "--steps", "20", "--name", "single"],
            ["run", "--lr", "1e200", "--steps", "20", "--name", "diverged"],
            ["fork", "single", "--at", "5", "lr=0.2"], ["tag", "1", "good"], ["note", "1", "a note"],
            ["run", "--steps", "10", "--seed", "9", "--name", "theirs", "--db", "other.db"],
            ["sweep", "best", "s", "--export", "configuration.json"],
        ] {
            let invocation = try gradbook(arguments + (arguments.contains("--db") ? [] : ["--db", "notebook.db"]))
            try #require(invocation.exitCode == 0, "\(arguments): \(invocation.error)")
        }
        let rows = (0..<20).map { "\(Double($0) / 10),\(Double($0 * $0) / 100),\"a\"" }
        try write(Array(("x,y,label\n" + rows.joined(separator: "\n") + "\n").utf8), to: "data.csv")
        try FileManager.default.createDirectory(at: folder.appending(path: "kept"), withIntermediateDirectories: true)
        for name in ["notebook.db", "other.db", "victim.db", "data.csv", "configuration.json"] {
            try FileManager.default.copyItem(
                at: folder.appending(path: name), to: folder.appending(path: "kept/\(name)"))
        }
    }

    /// Puts everything back as it was before the first change.
    func reset() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "kept" {
            try FileManager.default.removeItem(at: folder.appending(path: name))
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "kept").path) {
            try FileManager.default.copyItem(
                at: folder.appending(path: "kept/\(name)"), to: folder.appending(path: name))
        }
    }

    func bytes(of name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name))) }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: folder.appending(path: name))
    }

    /// With limits that a program which behaves does not reach: 100 s of a busy machine, 16 GB of addresses, files of 200 MB.
    func gradbook(_ arguments: [String]) throws -> Invocation {
        let limits = "ulimit -v 16000000; ulimit -f 200000; exec timeout -k 5 100 \"$@\""
        return try Program.shell.run(["-c", limits, "sh", program.path] + arguments, in: folder)
    }

    /// What is wrong with how the program ended; nil if nothing is.
    func flaw(of invocation: Invocation) throws -> String? {
        if ![0, 1, 2, 64, 70].contains(invocation.exitCode) {
            return "exit code \(invocation.exitCode): \(invocation.error)"
        }
        let error = invocation.error
        for sign in ["Fatal error", "fatalError", "*** Signal", "Swift.", "precondition", "SQLite error", "Optional("]
        where error.contains(sign) {
            return "'\(sign)' in: \(error)"
        }
        if invocation.exitCode == 1 || invocation.exitCode == 64, error.isEmpty, invocation.outputBytes.isEmpty {
            return "exit code \(invocation.exitCode) without a word"
        }
        let text = error + invocation.output
        if text.unicodeScalars.contains(where: {
            $0.value < 32 && $0 != "\n" && $0 != "\t" && $0 != "\r" || $0.value == 0x9B
        }) {
            return "a control character is printed: \(text.prefix(400).debugDescription)"
        }
        if FileManager.default.fileExists(atPath: folder.appending(path: "EXECUTED").path) {
            return "something was executed"
        }
        if try bytes(of: "victim.db") != bytes(of: "kept/victim.db") { return "another notebook was changed" }
        return nil
    }
}
