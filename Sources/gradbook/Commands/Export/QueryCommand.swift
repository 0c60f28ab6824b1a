import ArgumentParser
import Inspection
import Tracking

/// `gradbook query`: the notebook's own SQL.
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Ask the notebook in SQL; numbers come to their last bit.",
        discussion: """
            The query can only read: SQLite is told to refuse everything else. Rows are printed as they come. gradbook \
            schema lists the tables, and SELECT * FROM help has ready queries.

            Examples:
              gradbook query 'SELECT rank, settings, done FROM leaderboard LIMIT 5'
              gradbook query 'SELECT step, loss FROM steps WHERE run_id = 1' --format csv
            """)

    @Argument(help: "One SELECT.")
    var sql: String
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        try database.openForReading().writeAnswer(to: sql, format: listing.format, width: Terminal.outputWidth) {
            try Terminal.write($0)
        }
    }
}
