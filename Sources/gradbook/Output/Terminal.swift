import Foundation
import Inspection
import Synchronization
import TextFormats
import Tracking

/// The two streams a command writes to: results on standard output, everything else on standard error.
enum Terminal {
    /// Writes a result and a line end to standard output: lines, of which all is seen.
    ///
    /// Throws `OutputError` when it cannot be written, such as on a full disk. A reader that went away ends the
    /// process, as it does for every filter.
    static func print(_ text: String) throws(OutputError) {
        guard write(text.visibleLines + "\n", to: STDOUT_FILENO) else { throw OutputError(errorNumber: errno) }
    }

    /// Writes sentences of a result, each broken into lines that fit.
    static func print(sentences: String...) throws(OutputError) {
        for sentence in sentences { try print(WrappedText.paragraph(sentence, width: outputWidth)) }
    }

    /// Writes a sentence of a result in lines that fit; a command in it stays on one.
    static func print(sentence: MessageText) throws(OutputError) {
        try print(sentence.wrapped(width: outputWidth))
    }

    /// Writes bytes of a result to standard output, as ``print(_:)`` does.
    static func write(_ bytes: [UInt8]) throws(OutputError) {
        guard bytes.withUnsafeBytes({ $0.write(to: STDOUT_FILENO) }) else {
            throw OutputError(errorNumber: errno)
        }
    }

    /// Writes a line to standard error, of which all is seen; one that nobody can read is not worth ending the work for.
    static func printError(_ line: String) {
        _ = write(line.visible + "\n", to: STDERR_FILENO)
    }

    /// Writes a sentence to standard error, in as many lines as it takes.
    static func printError(wrapped sentence: String) {
        _ = write(WrappedText.paragraph(sentence, width: width) + "\n", to: STDERR_FILENO)
    }

    /// Replaces the line that stands on standard error.
    static func redraw(_ line: String) {
        _ = write("\r\u{1B}[K" + line.visible, to: STDERR_FILENO)
    }

    /// Whether a person watches standard error, so that a line may be redrawn in place.
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Columns of the terminal on standard error.
    static var width: Int { width(of: STDERR_FILENO) }

    /// Columns of the terminal on standard output; 80 without one.
    static var outputWidth: Int { width(of: STDOUT_FILENO) }

    private static func width(of stream: Int32) -> Int {
        var size = winsize()
        guard ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Gives a standard stream that the caller closed something that refuses to be written, so that no file opened
    /// later takes its number and receives what was meant for a person.
    static func occupyClosedStreams() {
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
            // The lowest free number is the one just found closed.
            _ = open("/dev/null", O_RDONLY | O_CLOEXEC)
        }
    }

    /// Whether all of the text was written; if not, `errno` says why.
    private static func write(_ text: String, to stream: Int32) -> Bool {
        var text = text
        return text.withUTF8 { UnsafeRawBufferPointer($0).write(to: stream) }
    }
}

/// Standard output could not be written.
struct OutputError: Error, CustomStringConvertible {
    /// As `errno` has it.
    let errorNumber: Int32

    var description: String {
        "the result could not be written to standard output: \(String(cString: strerror(errorNumber)))"
    }
}

extension MessageText {
    /// How options are typed.
    static let optionSpelling: OptionSpelling = { "--\($0)" }

    /// The text with options and commands as they are typed.
    var spelled: String { spelled(Self.optionSpelling, in: SuggestedCommands.context) }

    /// The same in lines that fit; a command in it stays on one.
    func wrapped(indentation: Int = 0, width: Int) -> String {
        wrapped(
            Self.optionSpelling, in: SuggestedCommands.context, indentation: indentation, width: width)
    }
}

extension CommandText {
    /// The command as it is typed, for the same notebook.
    var spelled: String { spelled(MessageText.optionSpelling, in: SuggestedCommands.context) }
}

/// What every command that this process suggests carries, so that it can be pasted.
enum SuggestedCommands {
    private static let given = Mutex(CommandText.Context())

    /// Remembers the notebook that was given to the command that runs, or the one that it means without.
    static func carry(notebook path: String?, standard: String) {
        let notebook = [CommandText.Option("db", path ?? standard)]
        given.withLock {
            $0 = path == nil ? CommandText.Context(implied: notebook) : CommandText.Context(common: notebook)
        }
    }

    static var context: CommandText.Context { given.withLock { $0 } }
}
