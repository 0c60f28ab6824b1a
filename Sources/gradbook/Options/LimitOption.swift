import ArgumentParser

/// `--limit` of a command that prints rows.
struct LimitOption: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("limit")],
        help: ArgumentHelp("The most rows to write: 1 or more. (default: all)", valueName: "count"))
    var count: Int?

    func validate() throws {
        if let count, count < 1 {
            throw ValidationError("--limit: '\(count)' is not a number of rows; give 1 or more")
        }
    }
}
