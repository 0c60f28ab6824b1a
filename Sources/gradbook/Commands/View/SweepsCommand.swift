import ArgumentParser
import Inspection
import TextFormats
import Tracking

/// `gradbook sweeps`: which sweeps there are.
struct SweepsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweeps",
        abstract: "List sweeps, each with its runs, configurations and seeds.",
        discussion: """
            Runs that are deleted are not counted. gradbook sweep status says more of one sweep, gradbook runs with a sweep's \
            name lists its runs.

            Examples:
              gradbook sweeps
              gradbook sweeps --format csv > sweeps.csv
            """)

    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let sweeps = try database.openForReading().sweeps.list()
        if sweeps.rows.isEmpty {
            Terminal.printNote(
                "there is no sweep in '\(database.file)'; \(CommandText("sweep", ["NAME"]).spelled) makes one")
        }
        guard !sweeps.rows.isEmpty || listing.format != .table else { return }
        try sweeps.write(listing.style) { try Terminal.write($0) }
    }
}
