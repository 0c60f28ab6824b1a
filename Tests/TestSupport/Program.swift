package import Foundation

/// A program that tests start: the one place where they make processes.
package struct Program: Sendable {
    private let executable: URL

    /// What the program reads from its environment; a test that wants one of these gives it.
    private static let namesOfOutput: Set = ["GRADBOOK_DB", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"]

    package init(_ executable: URL) {
        self.executable = executable
    }

    /// The shell, for a line of commands: `shell.run(["-c", line])`.
    package static let shell = Program(URL(filePath: "/bin/sh"))

    /// The program of this name in a folder of `PATH`; nil if there is none.
    package static func named(_ name: String) -> Program? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
            .map { Program(URL(filePath: $0)) }
    }

    /// Runs the program in `folder` until it ends.
    ///
    /// Its environment is that of the tests without what changes the program's output, and with what `environment` adds.
    /// It reads `input`,
    /// and writes to files, so that nothing fills up while nobody reads; with an `output` of the caller's,
    /// ``Invocation/outputBytes`` stay empty. Throws if the program cannot be started.
    @discardableResult
    package func run(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], input: Data = Data(),
        output: FileHandle? = nil
    ) throws -> Invocation {
        let files = FileManager.default.temporaryDirectory.appending(path: "program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: files) }
        let (inputFile, outputFile) = (files.appending(path: "in"), files.appending(path: "out"))
        let errorFile = files.appending(path: "err")
        try input.write(to: inputFile)
        for file in [outputFile, errorFile] { try Data().write(to: file) }
        let process = try start(
            arguments, in: folder, environment: environment, input: FileHandle(forReadingFrom: inputFile),
            output: output ?? FileHandle(forWritingTo: outputFile), error: FileHandle(forWritingTo: errorFile))
        process.waitUntilExit()
        return Invocation(
            exitCode: process.exitCode, outputBytes: [UInt8](try Data(contentsOf: outputFile)),
            error: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
    }

    /// Starts the program in `folder` and does not wait for it.
    ///
    /// Each stream is a `FileHandle` or a `Pipe`; one that is not given is empty or is thrown away.
    package func start(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:],
        input: Any = FileHandle.nullDevice, output: Any = FileHandle.nullDevice, error: Any = FileHandle.nullDevice
    ) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        process.environment = ProcessInfo.processInfo.environment.filter { !Self.namesOfOutput.contains($0.key) }
            .merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = error
        try process.run()
        return process
    }
}

/// What one run of a program left behind.
package struct Invocation: Sendable {
    /// 128 and the signal's number if a signal ended the program, as the shell has it.
    package let exitCode: Int32
    package let outputBytes: [UInt8]
    package let error: String

    package var output: String { String(decoding: outputBytes, as: UTF8.self) }

    /// The output with each broken sentence in one line.
    package var sentences: String { output.replacing(#/\n +/#, with: " ") }
}

extension Process {
    /// How the program ended: its status, or 128 and the signal's number.
    package var exitCode: Int32 { terminationReason == .uncaughtSignal ? 128 + terminationStatus : terminationStatus }
}
