import ArgumentParser
import Inspection
import TextFormats
import Theory
import Tracking

/// `gradbook why`: what became of a run, and from what cause.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a run went as it did, with the queries that show it.",
        discussion: """
            Compares the recorded steps with the exact curvature of the data, and names one cause: LR-UNSTABLE (above \
            the method's edge), NOISE-UNSTABLE (batches too small for the learning rate), TRANSIENT, OVERFLOW, OUTLIER \
            (one sample decides), BUG (against theory), OSCILLATION, NOISE-FLOOR, PLATEAU, NOT-CONVERGED, CONVERGED or \
            UNKNOWN. Exact edges are known of gradient descent, heavy ball and Nesterov with constant settings. The last line \
            says what to do about it. \
            \(RunReference.explanation)

            Examples:
              gradbook why 11
              gradbook why 11 --brief
              gradbook why best:chapter --format json
            """)

    @Argument(help: ArgumentHelp("The run.", valueName: "run"), completion: Completions.runs)
    var reference: String
    @Flag(help: "Leave the queries out.")
    var brief = false
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        let run = try store.finder.run(reference)
        let diagnosis = try Diagnosis(run, in: store)
        guard listing.format != .table else {
            return try Terminal.print(
                diagnosis.text(width: Terminal.outputWidth, isBrief: brief) { $0.spelled })
        }
        var writer = ListingWriter(
            columns: ["run", "subject", "cause", "value", "reference", "sentence", "query"], style: listing.style
        ) { try Terminal.write($0) }
        let cause = SQLValue.text(diagnosis.cause.rawValue)
        try writer.append([
            .integer(run.id), .text("cause"), cause, .null, .null, .text(diagnosis.sentence.spelled), .null,
        ])
        for finding in diagnosis.findings {
            try writer.append([
                .integer(run.id), .text(finding.subject), cause, finding.value.map { .real($0) } ?? .null,
                finding.reference.map { .real($0) } ?? .null, .text(finding.sentence),
                brief ? .null : .text(finding.query),
            ])
        }
        if let remedy = diagnosis.remedy {
            let line = remedy.command.map { ": \($0.spelled)" } ?? ""
            try writer.append([
                .integer(run.id), .text("remedy"), cause, .null, .null, .text(remedy.sentence.spelled + line), .null,
            ])
        }
        try writer.close()
    }
}
