import ArgumentParser
import Inspection
import TextFormats
import Tracking

/// `gradbook diff`: where two runs differ.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Find the first step at which two runs differ, and by how much.",
        discussion: """
            For two runs that should have been the same, or parted later than expected. The distance is counted in \
            units in the last place (ulps): how many representable numbers apart the two are. \
            \(RunReference.explanation)

            Examples:
              gradbook diff 1 2
              gradbook diff best:chapter best:cars --format json
            """)

    @Argument(help: ArgumentHelp("One run.", valueName: "run"), completion: Completions.runs)
    var first: String
    @Argument(help: ArgumentHelp("The other run.", valueName: "other-run"), completion: Completions.runs)
    var second: String
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        let (first, second) = (try store.finder.run(first), try store.finder.run(second))
        let difference = try RunDifference(first, second, in: store)
        let sentence = sentence(difference, first.id, second.id)
        listing.format == .table ? try Terminal.print(sentences: sentence) : Terminal.printNote(sentence)
        guard listing.format != .table || !difference.differences.isEmpty else { return }
        // Two listings of one run have columns of their own too.
        let names = first.id == second.id ? ["first", "second"] : ["run_\(first.id)", "run_\(second.id)"]
        var writer = ListingWriter(
            columns: ["step", "column"] + names + ["ulps"], style: listing.style
        ) { try Terminal.write($0) }
        for value in difference.differences {
            try writer.append([
                .integer(Int64(difference.step)), .text(value.column), .real(value.first),
                .real(value.second), value.ulps.map { .distance($0) } ?? .null,
            ])
        }
        try writer.close()
    }

    private func sentence(_ difference: RunDifference, _ first: Int64, _ second: Int64) -> String {
        let (begin, step) = (difference.begin, difference.step)
        let pair = "runs \(first) and \(second)"
        if begin == step, difference.kind == .equal { return "\(pair) have no step in common" }
        let from = begin > 0 ? " from step \(begin) on" : ""
        return switch difference.kind {
        case .equal:
            "\(pair) have the same bits in \(step - begin == 1 ? "their step" : "all \(step - begin) steps")\(from)"
        case .shorter(let run):
            "\(pair) have the same bits\(from) up to step \(step), which run \(run) does not have"
        case .different: "\(pair) differ first at step \(step):"
        }
    }
}

/// `gradbook diverge`: what `diff` was called before.
struct DivergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diverge", abstract: "The former name of gradbook diff.", shouldDisplay: false)

    @OptionGroup private var diff: DiffCommand

    func run() throws { try diff.run() }
}

extension SQLValue {
    /// A number of representable numbers, of which there are more than an integer of SQLite counts.
    fileprivate static func distance(_ ulps: UInt64) -> SQLValue {
        Int64(exactly: ulps).map { .integer($0) } ?? .real(Double(ulps))
    }
}
