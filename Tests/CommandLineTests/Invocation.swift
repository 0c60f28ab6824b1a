import Foundation
import Testing

/// What one run of a program left behind.
struct Invocation {
    let exitCode: Int32
    let output: String
    let error: String

    /// The output with each broken sentence in one line.
    var sentences: String { output.replacing(#/\n +/#, with: " ") }

    /// The program that the tests were built with, beside the test bundle.
    static var program: URL {
        get throws {
            let tests = try #require(Bundle.main.executableURL)
            return tests.deletingLastPathComponent().appending(path: "gradbook")
        }
    }
}

/// A folder for one test, removed afterwards.
final class Scratch: Sendable {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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
        try run(Invocation.program, arguments, environment: environment)
    }

    /// The same, with standard output going where the caller says; `output` stays empty then.
    @discardableResult
    func gradbook(_ arguments: String..., output: FileHandle) throws -> Invocation {
        try run(Invocation.program, arguments, standardOutput: output)
    }

    /// Starts the program and kills it (SIGKILL) as soon as `query` finds something; false when it had ended before.
    func kill(_ arguments: [String], when query: String) throws -> Bool {
        let process = Process()
        process.executableURL = try Invocation.program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let sqlite3 = URL(filePath: "/usr/bin/env")
        while process.isRunning, try run(sqlite3, ["sqlite3", "-readonly", "gradbook.db", query]).output.isEmpty {}
        let isRunning = process.isRunning
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return isRunning
    }

    /// The standard output of Debian's SQLite shell.
    @discardableResult
    func sqlite3(_ query: String, in file: String = "gradbook.db") throws -> String {
        let invocation = try run(URL(filePath: "/usr/bin/env"), ["sqlite3", file, query])
        #expect(invocation.exitCode == 0, "\(invocation.error)")
        return invocation.output.trimmingCharacters(in: .newlines)
    }

    /// Runs a line of the shell here.
    func shell(_ line: String) throws -> Invocation {
        try run(URL(filePath: "/bin/sh"), ["-c", line])
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

    private func run(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:], standardOutput: FileHandle? = nil
    ) throws -> Invocation {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "GRADBOOK_DB" }
            .merging(environment) { $1 }
        // Files instead of pipes: nothing can fill up while nobody reads.
        let output = folder.deletingLastPathComponent().appending(path: "out-\(UUID().uuidString)")
        let error = folder.deletingLastPathComponent().appending(path: "err-\(UUID().uuidString)")
        for file in [output, error] { try Data().write(to: file) }
        defer {
            for file in [output, error] { try? FileManager.default.removeItem(at: file) }
        }
        process.standardOutput = try standardOutput ?? FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Invocation(
            exitCode: process.terminationStatus,
            output: try String(contentsOf: output, encoding: .utf8),
            error: try String(contentsOf: error, encoding: .utf8))
    }
}
