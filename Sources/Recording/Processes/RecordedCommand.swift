import Foundation
package import TextFormats
package import Tracking

/// A command whose run is recorded: starts it, drains what it writes, and stores that.
package struct RecordedCommand {
    package let words: [String]
    /// Beside this process's own.
    package var environment: [String: String] = [:]
    package var recordsOutput = true
    /// Files that belong to the run when it has ended, as paths.
    package var kept: () -> [String] = { [] }
    /// Seconds for which a notebook that cannot be written is tried again after the program has ended.
    package var patience = 600.0

    package init(_ words: [String]) {
        self.words = words
    }

    /// How it ended.
    package struct Result: Sendable {
        package let usage: ProcessUsage
        /// The signal that asked for the end, if one did.
        package let stopSignal: Int32?
        /// Whether what was recorded is in the notebook.
        package let isStored: Bool

        /// That of the program, as a shell has it.
        package var exitCode: Int32 { usage.exitCode ?? 128 + (usage.signal ?? 0) }
    }

    /// Runs the command to its end; `tell` says sentences to whoever watches.
    ///
    /// `recorder` is used on another thread until this returns.
    package func run(
        recordedBy recorder: RunRecorder, tell: @escaping @Sendable (MessageText) -> Void
    ) throws -> Result {
        let temporary = PieceQueue.temporaryFolder
        let queue = PieceQueue(folder: temporary)
        let pipe = ProtocolPipe(in: temporary)
        defer { pipe?.remove() }
        if pipe == nil { tell("no pipe could be made in '\(temporary)', so only the program's output is read") }
        guard let output = ProgramOutput(STDOUT_FILENO, .standardOutput),
            let errors = ProgramOutput(STDERR_FILENO, .standardError)
        else { throw ProcessError(command: words[0], code: errno) }
        let signals = SignalPipe()
        signal(SIGPIPE, SIG_IGN)

        var variables = ProcessInfo.processInfo.environment
        variables["PYTHONUNBUFFERED"] = variables["PYTHONUNBUFFERED"] ?? "1"
        for name in ["GRADBOOK_FD", "GRADBOOK_PIPE", "GRADBOOK_LOCK"] { variables[name] = nil }
        variables.merge(environment) { $1 }
        variables.merge(pipe?.environment ?? [:]) { $1 }
        var descriptors = [(STDOUT_FILENO, output.program), (STDERR_FILENO, errors.program)]
        if let pipe { descriptors.append((ProtocolPipe.programDescriptor, pipe.writer)) }

        let began = ContinuousClock.now
        let child = try ChildProcess(words, environment: variables, descriptors: descriptors)
        close(output.program)
        close(errors.program)
        guard let end = PipeEnds() else { throw ProcessError(command: words[0], code: errno) }
        defer { close(end.reader) }
        let usage = Box(ProcessUsage())
        try OwnThread.start("program") {
            usage.value = child.wait()
            close(end.writer)
        }

        var streams = [output.stream, errors.stream]
        if let pipe { streams.append(.init(reader: pipe.reader, source: .descriptor, passedTo: nil)) }
        let loop = ReadingLoop(streams, into: queue, signals: signals)
        let storing = StoringThread(recorder, queue)
        try storing.start()
        loop.run(until: end.reader) {
            if let pipe { close(pipe.writer) }
        } onWait: {
            tell(
                "the program has ended, and processes that it started still have its output open; recording goes on until they "
                    + "end (Ctrl-C ends it)")
        } onSignal: { arrival in
            if !arrival.isFromTerminal { kill(child.id, arrival.number) }
        }
        queue.close()
        var result = usage.value
        result.wallSeconds = (ContinuousClock.now - began) / .seconds(1)
        let isStored = storing.finish(
            result, stopSignal: loop.stopSignal, kept: kept(), patience: patience, counts: queue.counts,
            signals: signals)
        return Result(usage: result, stopSignal: loop.stopSignal, isStored: isStored)
    }
}

/// One of the two streams to which a program prints: a pseudo-terminal where ours is a terminal, else a pipe.
private struct ProgramOutput {
    let program: Int32
    let stream: ReadingLoop.Stream

    /// Nil where this process has no descriptors left.
    init?(_ ours: Int32, _ source: PieceSource) {
        if isatty(ours) == 1, let terminal = PseudoTerminal(like: ours) {
            program = terminal.program
            stream = .init(reader: terminal.reader, source: source, passedTo: ours, isTerminal: true)
            return
        }
        guard let ends = PipeEnds() else { return nil }
        program = ends.writer
        stream = .init(reader: ends.reader, source: source, passedTo: ours)
    }
}

/// A value that one thread writes before another reads it.
private final class Box<Value>: @unchecked Sendable {
    var value: Value

    init(_ value: Value) {
        self.value = value
    }
}
