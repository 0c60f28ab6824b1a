import Foundation
import TestSupport
import Testing

extension Program {
    /// The command line that is tested.
    static var gradbook: Program {
        get throws { Program(try TestedProgram.file) }
    }
}

/// A folder for one test, removed afterwards.
final class Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// A folder with all that stands in another one.
    convenience init(copyOf other: Scratch) throws {
        try self.init()
        let copy = try shell("cp -R '\(other.folder.path)/.' .")
        try #require(copy.exitCode == 0, "\(copy.error)")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs the program here, without a terminal, on `gradbook.db` of this folder.
    @discardableResult
    func gradbook(_ arguments: String...) throws -> Invocation {
        try gradbook(arguments)
    }

    @discardableResult
    func gradbook(_ arguments: [String], environment: [String: String] = [:]) throws -> Invocation {
        try Program.gradbook.run(arguments, in: folder, environment: environment)
    }

    /// The same, with standard output going where the caller says; `output` stays empty then.
    @discardableResult
    func gradbook(_ arguments: String..., output: FileHandle) throws -> Invocation {
        try Program.gradbook.run(arguments, in: folder, output: output)
    }

    /// Runs the program with each of these, all of which have to succeed.
    func run(all commands: [[String]]) throws {
        for arguments in commands {
            let invocation = try gradbook(arguments)
            try #require(invocation.exitCode == 0, "\(arguments): \(invocation.error)")
        }
    }

    /// Starts the program and kills it (SIGKILL) as soon as `query` finds something; false when it had ended before.
    func kill(_ arguments: [String], when query: String) throws -> Bool {
        let process = try Program.gradbook.start(arguments, in: folder)
        let sqlite3 = try Self.sqlite3
        while process.isRunning,
            try sqlite3.run(["-readonly", "gradbook.db", query], in: folder).outputBytes.isEmpty
        {}
        let isRunning = process.isRunning
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return isRunning
    }

    /// The standard output of Debian's SQLite shell.
    @discardableResult
    func sqlite3(_ query: String, in file: String = "gradbook.db") throws -> String {
        let invocation = try Self.sqlite3.run([file, query], in: folder)
        #expect(invocation.exitCode == 0, "\(invocation.error)")
        return invocation.output.trimmingCharacters(in: .newlines)
    }

    /// Runs a line of the shell here.
    func shell(_ line: String) throws -> Invocation {
        try Program.shell.run(["-c", line], in: folder)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    func contains(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: name).path)
    }

    /// Names and contents of everything here, to see that nothing was written.
    func contents() throws -> [String: Data] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, FileManager.default.contents(atPath: folder.appending(path: name).path) ?? Data())
            })
    }

    static var sqlite3: Program {
        get throws { try #require(Program.named("sqlite3")) }
    }
}
