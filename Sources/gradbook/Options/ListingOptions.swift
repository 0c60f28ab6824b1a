import ArgumentParser
import Inspection

/// How rows are printed.
struct ListingOptions: ParsableArguments {
    @Option(help: "How rows are printed; jsonl is an object per line.")
    var format = ListingFormat.table
}

extension ListingFormat: ExpressibleByArgument {}
