import ArgumentParser
import Experiments
import Foundation
import Learning
import TextFormats

/// How a sweep's configurations are chosen.
struct SearchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How configurations are chosen: grid (all combinations), random or sobol (draws, sobol's more even) or halving \
            (the better ones train for longer). (default: grid)
            """, valueName: "method"),
        completion: .list(Search.Method.allCases.map(\.rawValue)))
    var search: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many configurations are drawn: 1 to 1000000.", valueName: "count"))
    var trials: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Decides what is drawn: any whole number. (default: 0)", valueName: "seed"))
    var sweepSeed: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "halving: one configuration in so many is promoted: 2 to 1000. (default: 3)", valueName: "count")
    )
    var eta: String?

    /// What was given, as text.
    var given: [SweepOption: String] {
        let texts: [SweepOption: String?] = [.search: search, .trials: trials, .sweepSeed: sweepSeed, .eta: eta]
        return texts.compactMapValues { $0 }
    }
}

/// Whether a sweep that is larger than most people mean is to be started.
struct SizeOptions: ParsableArguments {
    /// More runs than a typo should start.
    private static let unquestionedRuns = 100_000

    @Flag(help: "Start even a sweep of the defaults alone, more than 100000 runs, or what may not fit on the disk.")
    var yes = false

    /// Refuses what should not be started without a second thought; `what` it is, is "sweep" or "extension".
    func check(_ what: String, runCount: Int, bytes: Double, freeBytes: Int64?) throws(ExperimentError) {
        guard !yes else { return }
        if runCount > Self.unquestionedRuns {
            throw ExperimentError(
                .invalidValue,
                "this \(what) has \(runCount) runs, more than \(Self.unquestionedRuns)",
                advice: "look at it with \(option: "dry-run"), and add \(option: "yes") if it is meant")
        }
        if let freeBytes, bytes > Double(freeBytes) {
            throw ExperimentError(
                .invalidValue,
                "this \(what) needs about \(SweepPlanText.bytes(bytes)) and \(SweepPlanText.bytes(Double(freeBytes))) "
                    + "are free; make it smaller, or add --yes if it is meant")
        }
    }

    /// Refuses a sweep of which nothing but the name was given: most likely it was to be another command.
    func checkIsMeant(_ sweep: ExpandedSweep, isSpecified: Bool) throws(ExperimentError) {
        guard !yes, !isSpecified, let run = sweep.configurations.first?.configuration else { return }
        throw ExperimentError(
            .invalidValue,
            "without a setting this sweep would train the defaults alone (\(run.optimizer.name), lr "
                + "\(NumberText.exact(run.optimizer.learningRate)), \(run.steps.counted("step"))) on seeds "
                + "\(SeedList.text(of: sweep.space.seeds)), \(sweep.runCount.counted("run"))",
            advice: "give settings such as \(option: "lr") 0.01,0.1, or add \(option: "yes") if it is meant")
    }

    /// Bytes that are free where `file` is, or would be created; nil where that cannot be told.
    static func freeBytes(at file: String) -> Int64? {
        let folder = URL(filePath: file).deletingLastPathComponent().path
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
