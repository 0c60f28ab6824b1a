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
            schema lists the tables, and SELECT * FROM help has ready queries. SQLite has NULL for NaN and 0.0 for -0.0; \
            where a row holds either, its column ieee_bytes has all its numbers.

            Examples:
              gradbook query 'SELECT rank, settings, done FROM leaderboard LIMIT 5'
              gradbook query 'SELECT step, loss FROM steps WHERE run_id = 1' --format csv
              gradbook query "SELECT step, value FROM metrics WHERE name = 'val/loss'"
            """)

    @Argument(help: "One SELECT.")
    var sql: String
    @OptionGroup var limit: LimitOption
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        try database.openForReading().writeAnswer(to: sql, limit: limit.count, style: listing.style) {
            try Terminal.write($0)
        }
    }
}

/// `gradbook schema`: what there is to query.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "List the tables and views of the notebook, or the columns of one.",
        discussion: """
            What there is to ask with gradbook query or any program that reads SQLite, with a line of explanation \
            each.

            Examples:
              gradbook schema
              gradbook schema quadratic_steps --format markdown
            """)

    @Argument(help: "List this table's or view's columns instead.")
    var table: String?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        if let table {
            let columns = try store.columns(of: table)
            try write(["column", "type"], columns.map { [$0.name, $0.type] })
        } else {
            try write(["name", "kind", "what"], store.schema().map { [$0.name, $0.kind, $0.explanation] })
        }
    }

    private func write(_ columns: [String], _ rows: [[String]]) throws {
        var writer = ListingWriter(columns: columns, style: listing.style) {
            try Terminal.write($0)
        }
        for row in rows { try writer.append(row.map { .text($0) }) }
        try writer.close()
    }
}
