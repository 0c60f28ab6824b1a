import ArgumentParser
import Experiments
import Foundation
import Reports
import TextFormats
import Tracking

/// Which notebook a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The notebook. (default: the environment's GRADBOOK_DB, else gradbook.db here)", valueName: "file"),
        completion: .file())
    var path: String?

    @Flag(
        name: .customLong("allow-network-filesystem"),
        help: "Write to a network file system too: only safe while no other machine has the notebook open.")
    var allowsNetwork = false
    @OptionGroup private var messages: MessageOptions

    func validate() {
        SuggestedCommands.carry(notebook: path, standard: file)
    }

    /// The file's path.
    var file: String {
        if let path { return path }
        if let path = ProcessInfo.processInfo.environment["GRADBOOK_DB"], !path.isEmpty { return path }
        return "gradbook.db"
    }
}

extension DatabaseOptions {
    /// The notebook, which the command cannot change; one of an older release is brought up to date first.
    ///
    /// With `acceptsAlteredSchema` it is opened whatever tables it has, to be examined.
    func openForReading(acceptsAlteredSchema: Bool = false) throws -> Store {
        if let warning = Self.readingWarning(file, on: fileSystem) { Terminal.printNote("gradbook: \(warning)") }
        try ThreadSupply.check()
        Terminal.printDetail("gradbook \(Version.current) reads '\(absolutePath)'")
        do {
            return try OpenNotebooks.add(
                Store.open(
                    at: file, access: .readOnly, onWait: Self.tellWaiting, acceptsAlteredSchema: acceptsAlteredSchema,
                    bestRun: Self.bestRun, now: Clock.timestamp))
        } catch {
            guard error.code == .olderSchema, FileManager.default.isWritableFile(atPath: file) else { throw error }
            try openForWriting().close()
            Terminal.printNote(
                "gradbook: '\(file)' was written by an older release and is up to date now; the file as it was is beside it"
            )
            return try OpenNotebooks.add(
                Store.open(
                    at: file, access: .readOnly, onWait: Self.tellWaiting, bestRun: Self.bestRun, now: Clock.timestamp))
        }
    }

    /// The notebook to write into, which is created unless it must be there.
    func openForWriting(
        mustExist: Bool = true, durability: Durability = .batch, lease: Double = 30, acceptsAlteredSchema: Bool = false
    ) throws -> Store {
        try Self.checkWriting(file, on: fileSystem, isAllowed: allowsNetwork)
        try ThreadSupply.check()
        let isThere = FileManager.default.fileExists(atPath: file)
        Terminal.printDetail("gradbook \(Version.current) \(isThere ? "writes" : "creates") '\(absolutePath)'")
        return try OpenNotebooks.add(
            Store.open(
                at: file, mustExist: mustExist, durability: durability, onWait: Self.tellWaiting, lease: lease,
                acceptsAlteredSchema: acceptsAlteredSchema, bestRun: Self.bestRun, now: Clock.timestamp))
    }

    /// The run that `best:SWEEP` means.
    private static let bestRun: Store.BestRunFinder = { try BestConfiguration(ofSweep: $0, in: $1).run }

    /// Which process is waited for, where another one has the file locked.
    private static let tellWaiting: @Sendable (MessageText) -> Void = { Terminal.printNote("gradbook: \($0.spelled)") }

    private var absolutePath: String { URL(filePath: file).absoluteURL.standardizedFileURL.path }

    /// The kind of network file system on which it must not be written; nil where it may be.
    var networkType: String? {
        guard !allowsNetwork, let fileSystem, fileSystem.isNetwork else { return nil }
        return fileSystem.type
    }

    private var fileSystem: FileSystem? { FileSystem(of: URL(filePath: file)) }

    /// What a reader should know of a file that other machines may have open.
    static func readingWarning(_ file: String, on fileSystem: FileSystem?) -> String? {
        guard let fileSystem, fileSystem.isNetwork else { return nil }
        return
            "'\(file)' is on a network file system (\(fileSystem.type)), where a reader may see an older state while "
            + "another machine writes"
    }

    /// Refuses to write where another machine's writing could destroy the file.
    static func checkWriting(
        _ file: String, on fileSystem: FileSystem?, isAllowed: Bool
    ) throws(ExperimentError) {
        guard let fileSystem, fileSystem.isNetwork, !isAllowed else { return }
        throw ExperimentError(
            .conflict,
            "'\(file)' is on a network file system (\(fileSystem.type)), where two machines that write "
                + "destroy the file",
            advice: "give a \(option: "db") on a local disk, or \(option: "allow-network-filesystem") if no "
                + "other machine has it open")
    }
}

/// The notebook a command records into, and how carefully.
struct RecordingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            When recorded steps are committed: step (after each one), batch (ten times a second) or power-safe (as batch, and \
            on the disk before the next).
            """, valueName: "when"))
    var durability = Durability.batch
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long a worker may be silent before its runs are given to others: 0.1 to 86400.", valueName: "seconds"))
    var lease = 30.0
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard (0.1...86_400).contains(lease) else {
            throw ValidationError(
                "--lease: '\(lease)' is not a number of seconds from 0.1 to 86400; give for example 30")
        }
    }

    /// Lets `body` record into the notebook; everything it recorded is committed afterwards, also when it fails.
    func withRunner<Result>(mustExist: Bool = false, _ body: (ExperimentRunner) throws -> Result) throws -> Result {
        let store = try database.openForWriting(mustExist: mustExist, durability: durability, lease: lease)
        let runner = ExperimentRunner(recordingInto: store)
        do {
            let result = try body(runner)
            try runner.close()
            return result
        } catch {
            // The first error is the one to tell; closing can only repeat it.
            try? runner.close()
            throw error
        }
    }
}

extension Durability: ExpressibleByArgument {}
