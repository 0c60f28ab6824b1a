import ArgumentParser
import Experiments
import Foundation
import Learning
import Reports
import Tracking

/// The command line.
@main
struct Gradbook: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradbook",
        abstract: "A laboratory notebook for gradient descent in one SQLite file.",
        discussion: """
            Trains y = w*x^2 + b, records every step's loss, gradients and parameters, sweeps over settings and \
            compares the results. Ask the file yourself with sqlite3: SELECT * FROM help;
            """,
        version: Version.current,
        subcommands: [
            // Train.
            RunCommand.self, SweepCommand.self,
            // Ask.
            RunsCommand.self, ShowCommand.self, QueryCommand.self, SchemaCommand.self, ExportCommand.self,
            CompareCommand.self, ReportCommand.self, WatchCommand.self,
            // Prove.
            VerifyCommand.self, DivergeCommand.self, ForkCommand.self, WhyCommand.self,
            // Keep in order.
            TagCommand.self, NoteCommand.self, RenameCommand.self, DeleteCommand.self, RestoreCommand.self,
            GcCommand.self, BackupCommand.self, DoctorCommand.self, MergeCommand.self,
            // Learn.
            OptimizersCommand.self, SchedulesCommand.self, GraphCommand.self,
        ])

    /// Runs the command; a mistake becomes one sentence on standard error and a non-zero exit code.
    static func main() {
        Terminal.occupyClosedStreams()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let mistake as any Mistake {
            Terminal.note("gradbook: \(mistake)")
            Foundation.exit(mistake.exitCode)
        } catch  where exitCode(for: error) == .validationFailure {
            Terminal.note("gradbook: \(message(for: error)); see gradbook --help".replacing(".;", with: ";"))
            Foundation.exit(EX_USAGE)
        } catch  where exitCode(for: error).isSuccess {
            printHelp(fullMessage(for: error))
        } catch {
            exit(withError: error)
        }
    }

    /// Help, the version or a completion script: whatever a person asked the parser for.
    private static func printHelp(_ text: String) {
        do {
            try Terminal.print(HelpText.wrapped(text, width: Terminal.outputWidth))
        } catch {
            Terminal.note("gradbook: \(error)")
            Foundation.exit(error.exitCode)
        }
    }
}

/// An error whose description is a sentence for the person at the terminal.
private protocol Mistake: Error, CustomStringConvertible {
    /// 64 for bad usage, 1 for a failure.
    var exitCode: Int32 { get }
}

extension LearningError: Mistake {
    var exitCode: Int32 { EX_USAGE }
}

extension ExperimentError: Mistake {
    var exitCode: Int32 {
        switch code {
        case .invalidValue, .unknownSetting: EX_USAGE
        case .interrupted: StopSignal.exitCode
        default: EXIT_FAILURE
        }
    }
}

extension ReportError: Mistake {
    var exitCode: Int32 { EXIT_FAILURE }
}

extension TrackingError: Mistake {
    var exitCode: Int32 { code == .invalidQuery ? EX_USAGE : EXIT_FAILURE }
}

extension OutputError: Mistake {
    var exitCode: Int32 { EXIT_FAILURE }
}
