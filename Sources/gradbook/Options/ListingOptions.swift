import ArgumentParser
import Inspection

/// How rows are printed.
struct ListingOptions: ParsableArguments {
    @Option(help: "table, json, jsonl (an object per line), csv or markdown.")
    var format = ListingFormat.table
}

extension ListingFormat: ExpressibleByArgument {}
