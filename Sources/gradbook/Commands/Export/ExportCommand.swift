import ArgumentParser
import Inspection
import Tracking

/// `gradbook export`: rows for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all runs, all steps of runs or a query's answer for other programs.",
        discussion: """
            Numbers are exact, of steps, metrics and runs -0.0 and NaN too; a query's answer is as SQLite gives it, see gradbook \
            query. Rows are written as they are read: any number of them needs no more memory than one. CSV has nan, inf \
            and -inf, JSON the texts "NaN", "Infinity" and "-Infinity"; what is not there is empty in CSV and null in \
            JSON.

            Examples:
              gradbook export runs --format jsonl > runs.jsonl
              gradbook export steps 1 2 last -o steps.csv
              gradbook export metrics last --format jsonl > metrics.jsonl
            """,
        subcommands: [Runs.self, Steps.self, Metrics.self, Query.self])

    /// How exported rows are written: for a program, unless asked otherwise.
    struct Options: ParsableArguments {
        @OptionGroup private var rows: RowOptions<CSVByDefault>
        @Option(
            name: .shortAndLong,
            help: ArgumentHelp(
                "Write into this file, all of it or nothing, in place of one that is there.", valueName: "file"),
            completion: .file())
        private var out: String?
        @OptionGroup var database: DatabaseOptions

        /// Hands `body` the style of the rows, and what takes their bytes: the file that was asked for, or standard output.
        func write(_ body: (ListingStyle, @escaping ([UInt8]) throws -> Void) throws -> Void) throws {
            guard let out, out != "-" else { return try body(rows.style) { try Terminal.write($0) } }
            // As wide as it is: a file has no edge.
            let style = rows.style.onPaper
            try ResultFile.write(to: out, option: "out") { try body(style, $0) }
        }
    }

    /// `gradbook export runs`.
    struct Runs: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every column of the runs that a filter finds.",
            discussion: """
                Settings, result, times and who made the run, with the whole configuration as JSON.

                Examples:
                  gradbook export runs > runs.csv
                  gradbook export runs 'sweep=chapter state=done' --format jsonl > done.jsonl
                """)

        @Argument(
            help: ArgumentHelp("Which runs, as in gradbook runs; all without one.", valueName: "filter-or-run"),
            completion: Completions.runsAndSweeps)
        var words: [String] = []
        @OptionGroup var limit: LimitOption
        @OptionGroup var options: Options

        func run() throws {
            var request = RunListingRequest.withSettings
            let store = try options.database.openForReading()
            try request.narrow(to: words, in: store)
            var columns = [
                "id", "name", "kind", "experiment", "sweep", "position", "parent", "parent_step", "recipe", "optimizer",
                "learning_rate", "batch_size", "seed", "loss", "dtype", "gradients", "steps", "state", "steps_done",
                "diverged_step", "state_reason", "stop_reason", "initial_loss", "final_loss", "best_loss",
                "best_step", "evaluations", "seconds", "tag", "group_id", "config_hash", "config", "attempt", "host",
                "version",
                "git_commit", "command", "created_at", "started_at", "finished_at",
            ]
            let parameters = try store.steps.parameterNames().filter { !columns.contains($0) }
            columns.insert(contentsOf: parameters, at: (columns.firstIndex(of: "best_step") ?? 0) + 1)
            request.columns = columns
            request.limit = limit.count
            let listing = try store.runs.list(request) { $0.isAlive }
            try options.write { try listing.write($0, to: $1) }
            listing.printRemarks(filters: words, file: options.database.file)
        }
    }

    /// `gradbook export steps`.
    struct Steps: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every step of the runs named.",
            discussion: """
                Of a recorded run each step has its metrics, a column for each key. \(RunReference.explanationOfSeveral)

                Examples:
                  gradbook export steps > steps.csv
                  gradbook export steps 3..7 > five.csv
                  gradbook export steps 7 best:chapter --format jsonl > two.jsonl
                """)

        @Argument(
            help: ArgumentHelp("The runs; all without one.", valueName: "run"), completion: Completions.runsAndSweeps)
        var runs: [String] = []
        @OptionGroup var limit: LimitOption
        @OptionGroup var options: Options

        func run() throws {
            let store = try options.database.openForReading()
            let found = try runs.isEmpty ? store.runs.all() : store.finder.runs(runs)
            try options.write { try StepListing.write(found, limit: limit.count, in: store, style: $0, to: $1) }
        }
    }

    /// `gradbook export metrics`.
    struct Metrics: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every number of every step of the runs named, one in a row.",
            discussion: """
                The columns are run_id, step, key and value, whatever the runs logged. \(RunReference.explanationOfSeveral)

                Examples:
                  gradbook export metrics > metrics.csv
                  gradbook export metrics last --format jsonl > metrics.jsonl
                """)

        @Argument(
            help: ArgumentHelp("The runs; all without one.", valueName: "run"), completion: Completions.runsAndSweeps)
        var runs: [String] = []
        @OptionGroup var limit: LimitOption
        @OptionGroup var options: Options

        func run() throws {
            let store = try options.database.openForReading()
            let found = try runs.isEmpty ? store.runs.all() : store.finder.runs(runs)
            try options.write { try MetricListing.write(found, limit: limit.count, in: store, style: $0, to: $1) }
        }
    }

    /// `gradbook export query`.
    struct Query: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the answer to one SELECT.",
            discussion: """
                The same as gradbook query, in a format for programs.

                Examples:
                  gradbook export query 'SELECT * FROM excess WHERE run_id = 1' > excess.csv
                  gradbook export query 'SELECT * FROM leaderboard' --format markdown
                """)

        @Argument(help: "One SELECT.")
        var sql: String
        @OptionGroup var limit: LimitOption
        @OptionGroup var options: Options

        func run() throws {
            let store = try options.database.openForReading()
            try options.write { try store.writeAnswer(to: sql, limit: limit.count, style: $0, $1) }
        }
    }
}
