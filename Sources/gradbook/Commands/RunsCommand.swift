import ArgumentParser
import Inspection
import Tracking

/// `gradbook runs`: which runs there are.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List runs, with filters and columns of your choice.",
        discussion: """
            A filter is conditions that must all hold: a name, one of = != < <= > >= ~ !~ (contains, ignoring case) \
            and a value; several values with commas mean any of them, none means there is no value. Names are columns \
            (state optimizer lr batch_size seed final_loss sweep tag ...), settings (momentum, data.noise) and numbers of \
            the steps: min(loss), max(grad_w), mean(loss), first(w), last(w), min(loss)@step, loss@200.

            Examples:
              gradbook runs 'optimizer=adam,sgd lr<0.1 state=done' --sort final_loss
              gradbook runs sweep=first --columns 'id,lr,min(loss)@step,final_loss' --format csv
            """)

    @Argument(help: "Which runs; all without one.")
    var filters: [String] = []
    @Option(parsing: .unconditional, help: "Names to sort by; -NAME sorts from the highest to the lowest.")
    var sort: String?
    @Option(help: "Names of the columns; else those in which the runs differ.")
    var columns: String?
    @Option(help: "The most runs to list.")
    var limit: Int?
    @Flag(help: "List the runs that are deleted instead.")
    var deleted = false
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit: '\(limit)' is not a number of runs; give 1 or more")
        }
    }

    func run() throws {
        var request = RunListingRequest()
        for filter in filters { request.filter = try request.filter.and(RunFilter(filter)) }
        request.sort = names(in: sort) ?? []
        request.columns = names(in: columns)
        request.limit = limit
        request.deleted = deleted
        try database.openForReading().listRuns(request) { $0.isAlive }
            .write(listing.format, isFitted: columns == nil, width: Terminal.outputWidth) { try Terminal.write($0) }
    }

    private func names(in list: String?) -> [String]? {
        list?.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map { String($0) }
    }
}
