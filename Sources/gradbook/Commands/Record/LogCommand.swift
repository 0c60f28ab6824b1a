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
            more of the run that the file names, which is made if it is not there; what is stored already stays.

            Examples:
              ./train.sh | gradbook log --experiment mnist --set lr=0.1
              gradbook log --resume gradbook-spool-3f.jsonl
            """)

    @OptionGroup var recording: RecordOptions
    @Option(help: ArgumentHelp("The run's identity, 32 hexadecimal digits, which a client makes.", visibility: .hidden))
    var identity: String?
    @Option(
        name: .customLong("resume"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "Take in this file, for the run before it where one is named, else for the file's own.",
            valueName: "run-file"))
    var resumed: [String] = []

    func validate() throws {
        guard resumed.count <= 2 else {
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
        var new = try recording.newRun(command: [])
        let spool = try resumed.last.map { try SpoolFile($0) }
        let input = spool?.descriptor ?? STDIN_FILENO
        let notebook = try RecordingNotebook(recording.database, mustExist: !resumed.isEmpty)
        let store = notebook.store
        let began = Date()
        let run: Run
        if let former = try former(spool, in: store) {
            run = try store.recorded.resume(former, as: .current) { $0.isAlive }
        } else {
            new.identity = identity ?? spool?.identity ?? new.identity
            new.environment = RecordedSurroundings.captured(command: [], withDiff: false)
            run = try store.recorded.start(new, as: .current)
        }
        let recorder = try RunRecorder(
            run, in: store, output: .recognized, began: began.timeIntervalSince1970, readsText: true,
            tell: RecordNotes.tell)
        let isStored = try RecordedInput(input).record(by: recorder)
        _ = RecordNotes.close(recorder, run, isStored: isStored)
        guard notebook.finish(run), isStored else {
            throw ExitCode(EX_SOFTWARE)
        }
    }

    /// The run that the file's lines belong to; nil for one that is not there yet.
    private func former(_ spool: SpoolFile?, in store: Store) throws -> Run? {
        guard let spool else { return nil }
        guard resumed.count == 1 else {
            let run = try store.finder.run(resumed[0])
            guard spool.identity == nil || spool.identity == run.plan.identity else {
                throw ExperimentError(
                    .conflict, "'\(resumed[1])' has the lines of another run than run \(run.id)",
                    advice: "leave '\(resumed[0])' out; the file names its run")
            }
            return run
        }
        guard let identity = spool.identity else {
            throw ExperimentError(
                .conflict, "'\(resumed[0])' does not name its run", advice: "write the run before the file")
        }
        return try store.recorded.find(identity: identity)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
