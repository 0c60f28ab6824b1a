import ArgumentParser
import Experiments
import Tracking

/// `gradbook rename`: another name for a run or a sweep.
struct RenameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a run or a sweep another name.",
        discussion: """
            A name is any text but a whole number, and belongs to one run or one sweep. \(RunReference.explanation)

            Examples:
              gradbook rename 7 baseline
              gradbook rename --sweep chapter learning-rates
            """)

    @Argument(
        help: ArgumentHelp("The run, or with --sweep the sweep's present name.", valueName: "run-or-sweep"),
        completion: Completions.runsAndSweeps)
    var subject: String
    @Argument(help: "The new name.")
    var name: String
    @Flag(help: "Rename a sweep.")
    var sweep = false
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        try ExperimentRunner.checkName(name)
        let store = try database.openForWriting()
        if sweep {
            try store.sweeps.rename(store.sweeps.find(named: subject).id, to: name)
            try Terminal.print(sentences: "sweep \(name)")
        } else {
            let run = try store.runs.find(meantBy: subject)
            try store.runs.rename(run.id, to: name)
            try Terminal.print(sentences: "run \(run.id): \(name)")
        }
    }
}
