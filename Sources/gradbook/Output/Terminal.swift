import Foundation
import Inspection
import Synchronization
import TextFormats
import Tracking

/// The two streams a command writes to: results on standard output, everything else on standard error.
///
/// Whatever is written takes the line of progress away that stands on standard error.
enum Terminal {
    /// How much a person wants to hear beside results and errors.
    enum Verbosity {
        /// Neither notes nor progress.
        case quiet
        case normal
        /// Also what somebody who waits wants to know.
        case verbose
    }

    private static let chosenVerbosity = Mutex(Verbosity.normal)
    private static let standingLine = Mutex(false)

    static var verbosity: Verbosity {
        get { chosenVerbosity.withLock { $0 } }
        set { chosenVerbosity.withLock { $0 = newValue } }
    }

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
        eraseLine()
        guard bytes.withUnsafeBytes({ $0.write(to: STDOUT_FILENO) }) else {
            throw OutputError(errorNumber: errno)
        }
    }

    /// Writes an error to standard error as a line, of which all is seen; one that nobody can read is not worth ending the work
    /// for.
    static func printError(_ line: String) {
        _ = write(line.visible + "\n", to: STDERR_FILENO)
    }

    /// Writes what is good to know to standard error, unless the person wants quiet.
    static func printNote(_ line: String) {
        if verbosity != .quiet { printError(line) }
    }

    /// Writes what only somebody who waits wants to know to standard error.
    static func printDetail(_ line: @autoclosure () -> String) {
        if verbosity == .verbose { printError(line()) }
    }

    /// Writes a page whose texts are visible as they are, and may be in colors, and a line end to standard output.
    static func print(page: String, isColored: Bool) throws(OutputError) {
        isColored ? try write(Array((page + "\n").utf8)) : try print(page)
    }

    /// Writes a sentence of an error to standard error, in as many lines as it takes.
    static func printError(wrapped sentence: String) {
        _ = write(WrappedText.paragraph(sentence, width: width) + "\n", to: STDERR_FILENO)
    }

    /// Asks a question that is answered with y or n, which is what any other answer means; nil where nobody sits at a terminal.
    static func ask(_ question: String) -> Bool? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
        _ = write("\(question.visible) [y/N] ", to: STDERR_FILENO)
        let answer = (readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased()
        return answer == "y" || answer == "yes"
    }

    /// Replaces the line that stands on standard error until anything else is written.
    static func redraw(_ line: String) {
        eraseLine()
        _ = write(line.visible, to: STDERR_FILENO)
        standingLine.withLock { $0 = true }
    }

    /// Takes the line away that stands on standard error.
    static func eraseLine() {
        let isStanding = standingLine.withLock { isStanding in
            defer { isStanding = false }
            return isStanding
        }
        guard isStanding else { return }
        _ = Array("\r\u{1B}[K".utf8).withUnsafeBytes { $0.write(to: STDERR_FILENO) }
    }

    /// Whether a person watches standard error, so that a line may be redrawn in place.
    static var isInteractive: Bool {
        verbosity != .quiet && isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Whether standard output shows colors, where nobody said: on a terminal that has them, unless `NO_COLOR` is set
    /// (<https://no-color.org>), and anywhere with `CLICOLOR_FORCE` (<https://bixense.com/clicolors/>).
    static var hasColors: Bool {
        let environment = ProcessInfo.processInfo.environment
        guard environment["NO_COLOR", default: ""].isEmpty else { return false }
        if !["", "0"].contains(environment["CLICOLOR_FORCE", default: ""]) { return true }
        return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Columns of the terminal on standard error.
    static var width: Int { width(of: STDERR_FILENO) ?? 80 }

    /// Columns for lines of text on standard output; 80 where nobody says.
    static var outputWidth: Int { width(of: STDOUT_FILENO) ?? 80 }

    /// Columns for tables on standard output; where no screen is to be fitted, nothing has to be folded.
    static var tableWidth: Int { width(of: STDOUT_FILENO) ?? .max }

    /// Of the terminal, or of whoever shows what is written elsewhere, such as `watch`, which sets `COLUMNS`.
    private static func width(of stream: Int32) -> Int? {
        var size = winsize()
        if ioctl(stream, UInt(TIOCGWINSZ), &size) == 0 { return size.ws_col > 0 ? Int(size.ws_col) : 80 }
        return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
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
        eraseLine()
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
