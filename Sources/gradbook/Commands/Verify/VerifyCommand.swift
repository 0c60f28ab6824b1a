import ArgumentParser
import Experiments
import Foundation
import Inspection
import TextFormats
import Tracking

/// `gradbook verify`: whether a stored number is what its run computes.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Train stored runs again and compare every stored bit.",
        discussion: """
            Answers whether a stored number is real. Everything that the configuration decides is compared: the steps, \
            the result, the data and their hash, what is known of the loss; of a sweep its plan as well: search space, \
            target, budget and seeds. Not compared are names, times, tags, notes, events, who made a run, its number in its \
            sweep, how many runs a sweep plans, which of its seeds choose, the ranks of halving rungs and the verdicts of judge. A difference is named by run, step and column, and the exit code is \
            then 1. \(RunReference.explanationOfSeveral)

            Examples:
              gradbook verify best:chapter
              gradbook verify 1..5
              gradbook verify chapter --sample 20
            """)

    @Argument(
        help: ArgumentHelp("A sweep's name, or runs.", valueName: "sweep-or-run"),
        completion: Completions.runsAndSweeps)
    var subjects: [String]
    @Option(
        help: ArgumentHelp(
            "Verify so many of the runs, always the same ones: 1 or more. (default: all)", valueName: "count"))
    var sample: Int?
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let sample, sample < 1 {
            throw ValidationError("--sample: '\(sample)' is not a number of runs; give 1 or more")
        }
    }

    func run() throws {
        let store = try database.openForReading()
        let subject = try VerificationSubject(subjects, sample: sample, in: store.finder)
        var writer = ListingWriter(
            columns: ["run", "step", "column", "stored", "computed"], style: listing.style
        ) { try Terminal.write($0) }
        var summary = try verify(subject, in: store) { discrepancy in
            var (stored, computed) = (discrepancy.stored, discrepancy.computed)
            if listing.format == .table { (stored, computed) = TextDifference.shortened(stored, computed) }
            try writer.append([
                .integer(discrepancy.run), discrepancy.step.map { .integer(Int64($0)) } ?? .null,
                .text(discrepancy.column), stored, computed,
            ])
        }
        if listing.format != .table || summary.discrepancyCount > 0 { try writer.close() }
        for explanation in summary.explanations { Terminal.printError(wrapped: explanation) }
        for sweep in subject.sweeps {
            let runs = subject.runs.filter { $0.sweepID == sweep.id }
            let plan = try SweepVerification(sweep, runs: runs, in: store)
            summary.add(plan.differences)
            for difference in plan.differences {
                Terminal.printError(wrapped: "the sweep \(sweep.plan.name): \(difference.description)")
            }
            if let obstacle = plan.obstacle {
                Terminal.printError(
                    wrapped:
                        "the plan of the sweep \(sweep.plan.name) was not compared, because it cannot be laid out again: "
                        + obstacle.spelled
                )
            }
        }
        let ofRuns = subject.runs.count == 1 ? "" : " of \(subject.runs.count.counted("run"))"
        let extent = "\(subject.title): \(summary.stepCount.counted("step"))\(ofRuns) trained again"
        guard summary.isClean else {
            let count = summary.discrepancyCount
            Terminal.printError(
                wrapped: "\(extent), \(count.counted("stored value differs", plural: "stored values differ"))")
            throw ExitCode.failure
        }
        let verdict =
            summary.stepCount > 0
            ? "\(extent), every stored bit matches"
            : "\(subject.title): no step of \(subject.runs.count.counted("run")) is stored; what else is stored matches"
        listing.format == .table ? try Terminal.print(sentences: verdict) : Terminal.printNote(verdict)
    }

    /// What was found in all runs together.
    private struct Summary {
        var stepCount = 0
        var discrepancyCount = 0
        var isClean = true
        /// How many runs were not trained, by the data set that is lost.
        var untrained: [Int64: Int] = [:]
        private var sentences: [String] = []

        var explanations: [String] {
            sentences
                + untrained.sorted { $0.key < $1.key }.map { dataset, count in
                    "data set \(dataset) is lost: no single changed bit explains what its rows hold now, so no step of "
                        + "\(count.counted("run")) on it was compared; a backup, or the file it came from, still has it"
                }
        }

        mutating func add(_ differences: [SweepVerification.Difference]) {
            discrepancyCount += differences.count
            isClean = isClean && differences.isEmpty
        }

        mutating func add(_ verification: RunVerification, of run: Run) {
            stepCount += verification.stepCount
            discrepancyCount += verification.discrepancyCount
            isClean = isClean && verification.isClean
            if verification.hasLostData, let data = run.plan.datasetID { untrained[data, default: 0] += 1 }
            if let explanation = verification.explanation(run) { sentences.append(explanation) }
        }
    }

    private func verify(
        _ subject: VerificationSubject, in store: Store, found: (Discrepancy) throws -> Void
    ) throws -> Summary {
        var bar = ProgressBar()
        defer { bar.finish() }
        var verifier = Verifier(store)
        var summary = Summary()
        let stepsPlanned = subject.runs.reduce(0) { $0 + $1.plan.steps }
        for (index, run) in subject.runs.enumerated() {
            let verification = try verifier.verify(run)
            summary.add(verification, of: run)
            try verification.discrepancies.forEach(found)
            bar.update(
                ProgressBar.Standing(
                    runsDone: index + 1, runsPlanned: subject.runs.count, stepsDone: summary.stepCount,
                    stepsPlanned: stepsPlanned))
        }
        return summary
    }
}

extension RunVerification {
    /// What a person should know of the differences beyond their list.
    fileprivate func explanation(_ run: Run) -> String? {
        let rest = discrepancyCount - discrepancies.count
        var sentences: [String] = []
        if rest > 0 { sentences.append("\(rest) more \(rest == 1 ? "differs" : "differ")") }
        if let refusal {
            sentences.append("its configuration has the recorded hash, but no run can have it: \(refusal)")
        } else if hasLostConfiguration {
            sentences.append(
                "its configuration is lost: no single changed bit explains why it has not the recorded hash, so no step "
                    + "was compared")
        }
        if isOtherComputation, let firstDifferingStep {
            sentences.append(
                "nearly every step from \(firstDifferingStep) on differs, so this is another computation, not a changed row"
            )
            if run.version != Version.current {
                sentences.append("gradbook \(run.version) made the run, and this is \(Version.current)")
            }
            sentences.append(
                platformFunctions.isEmpty
                    ? "nothing the run computes depends on the platform"
                    : "it depends on \(platformFunctions.joined(separator: ", ")) of the platform, whose last bits may differ "
                        + "between C libraries and processors; verify it on \(run.process?.host ?? "the host that made it")"
            )
        }
        return sentences.isEmpty ? nil : "run \(self.run): \(sentences.joined(separator: "; "))"
    }
}
