import ArgumentParser
import Experiments
import Inspection
import Tracking

/// `gradbook runs`: which runs there are.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List runs, with filters and columns of your choice.",
        discussion: """
            What all runs have in common is said once above the table; without --columns it shows in what they differ, \
            and how they ended.

            A filter is conditions: a name, one of = != < <= > >= ~ !~ (contains, ignoring case) \
            and a value; several values with commas mean any of them, none means there is no value. After = and != a value \
            may be a range 0.01..0.1 with both ends, or a regular expression ~/^base/ (~/^base/i ignores case). A time is \
            2026-11-01 or 2026-11-01T12:30, in UTC, or -2d: so long ago (s, m, h, d, w). Conditions next to each other must all \
            hold, as with and; or, not and parentheses join them otherwise.

            Names are columns \
            (state, optimizer, lr, batch_size, seed, final_loss, sweep, tag and others), unstable (yes for a run that is done \
            and ended worse than it began), settings (momentum, data.noise) and numbers of the steps: min(loss), max(grad_w), mean(loss), first(w), last(w), \
            min(loss)@step (where it was), loss@200, and of recorded runs metrics: 'val/acc>0.9' asks for the last value of val/acc, \
            and best(val/loss), min, max, mean and first for others; a name with blanks or other signs stands in quotes. gradbook columns \
            lists them. Numbers are exact and written as by gradbook export; a filter and a \
            sort order take NaN for no value.

            Examples:
              gradbook runs 'optimizer=adam,sgd lr<0.1 state=done' --sort final_loss
              gradbook runs '(lr=0.01..0.1 or tag=keep) not state=diverged'
              gradbook runs 'name=~/^base/ finished>-2d'
              gradbook runs sweep=chapter --columns 'id,lr,min(loss)@step,final_loss'
              gradbook runs 'val/acc>0.9 lr<0.1' --sort 'best(val/loss)'
              gradbook runs chapter --limit 5
              gradbook runs state=diverged --format csv > diverged.csv
            """)

    @Argument(
        help: ArgumentHelp("Which runs; all without one.", valueName: "filter-or-run"),
        completion: Completions.runsAndSweeps)
    var words: [String] = []
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Names to sort by, with commas; -NAME begins with the highest. (default: id)", valueName: "names"))
    var sort: [String] = []
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Names to show, with commas. (default: those in which the runs differ)", valueName: "names"))
    var columns: [String] = []
    @OptionGroup var limit: LimitOption
    @Flag(help: "List the deleted runs instead.")
    var deleted = false
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let columns = columns.first(where: { names(in: [$0])?.isEmpty == true }) {
            throw ValidationError("--columns: '\(columns)' names no column; give names such as id,lr,final_loss")
        }
    }

    func run() throws {
        var request = RunListingRequest.withSettings
        request.sort = names(in: sort) ?? []
        request.columns = names(in: columns)
        request.limit = limit.count
        request.deleted = deleted
        let store = try database.openForReading()
        try request.narrow(to: words, in: store)
        let runs = try store.runs.list(request) { $0.isAlive }
        try runs.write(
            listing.style,
            advice: columns.isEmpty ? "--columns names what you want, other formats show all" : nil
        ) { try Terminal.write($0) }
        runs.printRemarks(filters: words, deleted: deleted, file: database.file)
    }

    /// The names in lists, of which an option that is repeated gives several; nil where there is none.
    private func names(in lists: [String]) -> [String]? {
        lists.isEmpty
            ? nil
            : ColumnNameList.names(in: lists.joined(separator: ","))
    }
}

/// Names between commas, of which one in quotes may hold commas itself.
enum ColumnNameList {
    static func names(in text: String) -> [String] {
        var (names, name, quote): ([String], String, Character?) = ([], "", nil)
        for character in text {
            if character == ",", quote == nil {
                names.append(name)
                name = ""
            } else {
                if character == quote {
                    quote = nil
                } else if quote == nil, character == "'" || character == "\"" {
                    let before = name.drop { $0 == " " || $0 == "-" }
                    if before.isEmpty || before.hasSuffix("(") { quote = character }
                }
                name.append(character)
            }
        }
        return (names + [name]).map { String($0.trimmingPrefix { $0 == " " }) }.filter { !$0.isEmpty }
    }
}

extension RunListingRequest {
    /// Leaves what these words mean: filters alone may find nothing, a run or a sweep must be there.
    mutating func narrow(to words: [String], in store: Store) throws {
        let words = words.filter { !$0.allSatisfy(\.isWhitespace) }
        guard !words.isEmpty else { return }
        let finder = deleted ? store.finder.ofDeleted : store.finder
        let meaning = try finder.meaning(of: words)
        if case .matching(let conditions) = meaning {
            for text in conditions { filter = try filter.and(RunFilter(text)) }
        } else {
            ids = try finder.runs(of: meaning).map(\.id)
        }
    }
}
