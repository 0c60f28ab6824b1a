import ArgumentParser
import Experiments
import Foundation
import Learning
import Recording
import Reports
import TextFormats
import Tracking

/// The command line.
@main
struct Gradbook: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradbook",
        abstract: "A laboratory notebook for gradient descent in one SQLite file.",
        discussion: """
            Trains a model such as y = w*x^2 + b, records every step's loss, gradients and parameters as rows of a SQLite file, sweeps over \
            settings, and says which settings are better, which runs diverged and why, and whether a stored number can be \
            computed again, bit for bit.

            Results go to standard output, progress and diagnostics to standard error. Exit codes: 0 done (a diverged run \
            is done), 1 failed or a difference was found, 64 bad usage, 130 after Ctrl-C, 143 after SIGTERM; judge: 0, 1 and 2 are \
            verdicts, 70 a failure.

            --version --verbose also names the libraries that decide what the program does.

            Examples:
              gradbook run --optimizer adam --lr 0.05 --name first
              gradbook sweep rates --optimizer sgd,adam --lr log:1e-3:1:4 --seeds 1..6
              gradbook report chapter
              gradbook query 'SELECT question, query FROM help LIMIT 3'
            """,
        version: Version.current,
        groupedSubcommands: [
            CommandGroup(name: "Train", subcommands: [RunCommand.self, SweepCommand.self]),
            CommandGroup(name: "Record", subcommands: [RecordCommand.self, LogCommand.self]),
            CommandGroup(
                name: "View",
                subcommands: [
                    RunsCommand.self, SweepsCommand.self, ShowCommand.self, CompareCommand.self, JudgeCommand.self,
                    WatchCommand.self, ReportCommand.self,
                ]),
            CommandGroup(
                name: "Verify",
                subcommands: [
                    WhyCommand.self, VerifyCommand.self, DiffCommand.self, DivergeCommand.self, ForkCommand.self,
                ]),
            CommandGroup(
                name: "Export",
                subcommands: [QueryCommand.self, SchemaCommand.self, ExportCommand.self]),
            CommandGroup(
                name: "Manage",
                subcommands: [
                    TagCommand.self, NoteCommand.self, RenameCommand.self, DeleteCommand.self, RestoreCommand.self,
                    GcCommand.self, BackupCommand.self, MergeCommand.self, RedactCommand.self, DoctorCommand.self,
                ]),
            CommandGroup(
                name: "Reference",
                subcommands: [
                    ColumnsCommand.self, OptimizersCommand.self, SchedulesCommand.self, GraphCommand.self,
                    ManualCommand.self,
                ]),
        ])

    /// Runs the command; an error becomes one sentence on standard error and a non-zero exit code.
    static func main() {
        Terminal.occupyClosedStreams()
        if let flaw = TextEncoding.flaw() {
            Terminal.printError("gradbook: \(flaw)")
            Foundation.exit(EX_USAGE)
        }
        // A writing beyond a limit on file sizes fails then, and is told, instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        var isVerdict = false
        if CommandLine.arguments.isEmpty {
            Terminal.printError("gradbook: the arguments cannot be read without /proc; mount it")
            Foundation.exit(EX_SOFTWARE)
        }
        if Set(CommandLine.arguments.dropFirst()) == ["--version", "--verbose"] {
            printHelp(Version.details)
            return
        }
        do {
            var command = try parseAsRoot()
            isVerdict = command is JudgeCommand
            defer { OpenNotebooks.close() }
            try command.run()
        } catch let error as any UserFacingError {
            Terminal.printError("gradbook: \(error.sentence)")
            Foundation.exit(isVerdict ? JudgeCommand.exitCode(for: error, usual: error.exitCode) : error.exitCode)
        } catch  where exitCode(for: error) == .validationFailure {
            let mistake = UsageMistake(message(for: error), words: Array(CommandLine.arguments.dropFirst()))
            Terminal.printError("gradbook: \(mistake.sentence)")
            Foundation.exit(EX_USAGE)
        } catch  where exitCode(for: error).isSuccess {
            if let mistake = UsageMistake(ofHelp: Array(CommandLine.arguments.dropFirst())) {
                Terminal.printError("gradbook: \(mistake.sentence)")
                Foundation.exit(EX_USAGE)
            }
            printHelp(CompletionScript.withoutExpansion(fullMessage(for: error)))
        } catch let error as ExitCode {
            // What there was to say is said.
            exit(withError: error)
        } catch {
            // Of the system, such as a disk that cannot be read.
            Terminal.printError("gradbook: \(error.localizedDescription)")
            Foundation.exit(EXIT_FAILURE)
        }
    }

    /// Help, the version or a completion script: whatever a person asked for.
    private static func printHelp(_ text: String) {
        do {
            try Terminal.print(HelpText.wrapped(text, width: Terminal.outputWidth))
        } catch {
            Terminal.printError("gradbook: \(error)")
            Foundation.exit(error.exitCode)
        }
    }
}

/// An error for the person at the terminal.
private protocol UserFacingError: Error, CustomStringConvertible {
    /// What is wrong and what to do about it, with options as they are typed.
    var sentence: String { get }
    /// 64 for bad usage, 1 for a failure.
    var exitCode: Int32 { get }
}

extension UserFacingError {
    var sentence: String { description }
}

extension UserFacingError where Self: MessageError {
    var sentence: String { text.spelled }
}

extension LearningError: UserFacingError {
    var exitCode: Int32 { EX_USAGE }
}

extension ExperimentError: UserFacingError {
    var exitCode: Int32 {
        switch code {
        case .invalidValue, .unknownSetting: EX_USAGE
        case .interrupted: StopSignal.exitCode
        default: EXIT_FAILURE
        }
    }
}

extension ReportError: UserFacingError {
    var exitCode: Int32 { EXIT_FAILURE }
}

extension TrackingError: UserFacingError {
    var exitCode: Int32 { code == .invalidQuery ? EX_USAGE : EXIT_FAILURE }
}

extension ProcessError: UserFacingError {}

extension FileError: UserFacingError {
    var exitCode: Int32 { EXIT_FAILURE }
}

extension OutputError: UserFacingError {
    var exitCode: Int32 { EXIT_FAILURE }
}
