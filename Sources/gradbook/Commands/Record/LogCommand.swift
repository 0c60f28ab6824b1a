import ArgumentParser
import Experiments
import Foundation
import Recording
import TextFormats
import Tracking

/// `gradbook log`: record what comes on standard input.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Record the lines on standard input as a run.",
        discussion: """
            Takes the same lines as gradbook record: an object of JSON each, in which every key is a metric but for a few, such as \
            step; and what programs print for people. The run ends with its input.

            --resume takes in a file that the Python client wrote while no recorder was there: its lines become an attempt \
            more of that run, and what is stored already stays.

            Examples:
              ./train | gradbook log --experiment mnist --set lr=0.1
              gradbook log --resume last gradbook-spool-3f.jsonl
            """)

    @OptionGroup var recording: RecordOptions
    @Option(help: ArgumentHelp("The run's identity, 32 hexadecimal digits, which a client makes.", visibility: .hidden))
    var identity: String?
    @Option(
        name: .customLong("resume"), parsing: .upToNextOption,
        help: ArgumentHelp("A run and a file whose lines it takes in.", valueName: "run-file"))
    var resumed: [String] = []

    func validate() throws {
        guard resumed.isEmpty || resumed.count == 2 else {
            throw ValidationError("--resume takes a run and a file, such as --resume last gradbook-spool-3f.jsonl")
        }
        guard resumed.isEmpty || recording.isEmpty else {
            throw ValidationError("--resume: the run keeps its name, settings, tags and notes; leave them out")
        }
        if let identity, identity.utf8.count != 32 || !identity.utf8.allSatisfy(Self.isHexadecimal) {
            throw ValidationError("--identity: '\(identity)' is not 32 hexadecimal digits")
        }
    }

    func run() throws {
        try recording.check()
        let isNew = resumed.isEmpty
        let input = isNew ? STDIN_FILENO : try Self.open(resumed[1])
        let store = try recording.database.openForWriting(mustExist: !isNew)
        let began = Date()
        let run: Run
        if isNew {
            var new = try recording.newRun(command: [])
            new.identity = identity ?? new.identity
            new.environment = RecordedSurroundings.captured(command: [], withDiff: false)
            run = try store.recorded.start(new, as: .current)
        } else {
            run = try store.recorded.resume(store.finder.run(resumed[0]), as: .current) { $0.isAlive }
        }
        let recorder = try RunRecorder(
            run, in: store, output: .recognized, began: began.timeIntervalSince1970, tell: RecordNotes.tell)
        let isStored = try RecordedInput(input).record(by: recorder)
        guard RecordNotes.close(recorder, run, isStored: isStored, in: store) || isStored else {
            throw ExitCode(EX_SOFTWARE)
        }
    }

    private static func open(_ path: String) throws -> Int32 {
        let number = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        var status = stat()
        guard number >= 0, fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError("'\(path)' is no file that can be read", advice: "give the file that the client named")
        }
        return number
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
