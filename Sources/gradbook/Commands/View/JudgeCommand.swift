import ArgumentParser
import Experiments
import Foundation
import Inspection
import Reports
import TextFormats
import Tracking

/// `gradbook judge`: whether one arm is better than others, or beyond a bound.
struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Say whether one configuration is better than others, and how sure that is.",
        discussion: """
            judge A B compares two arms by an exact test over their common seeds, judge A B C compares A with each of \
            the others (Holm), judge A --below X tests one arm against a bound, and judge noise A says how much an arm \
            scatters and what that lets one see. The first sentence is the verdict; what follows is what it takes to \
            check it by hand.

            An arm is a sweep's name, a sweep with a filter as in gradbook runs (rates:optimizer=adam), best:SWEEP, or \
            runs with commas: ids, ranges 2..5, names. A sweep that is named noise is written noise: with a colon. Of an \
            arm with several configurations a quarter of the seeds chooses one, and the others compare.

            Without --metric the runs are compared by what they minimize: the excess of the loss over all data at the end, \
            or the loss itself where no minimum is known. A run that diverged, failed or ended worse than it began is \
            worse than every other.

            Every verdict is kept in the notebook: who looks again after more seeds looks twice, and p has to be smaller. \
            Exit codes: 0 better, 1 not better (tied or worse), 2 undecided or not comparable, 64 bad usage, 70 any failure.

            Examples:
              gradbook judge chapter:optimizer=adam chapter:optimizer=sgd
              gradbook judge 'chapter:optimizer=sgd lr=0.1' chapter:optimizer=adam \\
                --by time --success excess=1e-3
              gradbook judge 'chapter:optimizer=adam lr=0.01' \\
                'chapter:optimizer=adam lr=0.1' --metric w --at step=100 --goal max
              gradbook judge best:chapter --below 0.05 --metric loss --log
              gradbook judge noise chapter:optimizer=adam --format json
            """)

    @Argument(
        help: ArgumentHelp("The arm in question, then those it is compared with.", valueName: "arm"),
        completion: Completions.runsAndSweeps)
    var arms: [String]
    @Option(
        help: ArgumentHelp(
            "What is compared: loss or excess (over all data), or a column of the steps such as w.", valueName: "name"))
    var metric: String?
    @Option(help: "Which values are better: min or max. (default: what is known of the metric)")
    var goal: JudgeRequest.Goal?
    @Option(
        help: ArgumentHelp(
            "At which step: final, step=N, earliest (with a bound), or best (with --biased).", valueName: "place"))
    var at = "final"
    @Flag(help: "Accept the best step of a noisy curve as a value.")
    var biased = false
    @Option(help: "Compare the value, or the time until --success holds.")
    var by = Basis.value
    @Option(
        help: ArgumentHelp(
            "What is to hold: excess=1e-6, excess=1% (of the smallest loss) or loss=1e-3.", valueName: "condition"))
    var success: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("It holds if 19 of 20 of so many further recorded steps meet it.", valueName: "steps"))
    var hold = 20
    @Option(parsing: .unconditional, help: ArgumentHelp("The chance of a false verdict.", valueName: "level"))
    var alpha = "0.05"
    @Flag(help: "Only A can be better: for a direction that was fixed before the runs.")
    var oneSided = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Compare differences, of which those up to this do not matter.", valueName: "difference"))
    var minEffect: String?
    @Option(help: ArgumentHelp("Only runs that a filter as in gradbook runs leaves.", valueName: "filter"))
    var select: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Choose configurations on these, a range 1..5 or a list 1,2,5; none chooses on the seeds that compare. (default: \
            the first quarter, from 9 on)
            """, valueName: "seeds"))
    var tuningSeeds: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Say how many seeds decide it if the true ratio is this.", valueName: "ratio"))
    var planRatio = "0.8"
    @Option(parsing: .unconditional, help: ArgumentHelp("Whether A is below this bound.", valueName: "bound"))
    var below: String?
    @Option(parsing: .unconditional, help: ArgumentHelp("Whether A is above this bound.", valueName: "bound"))
    var above: String?
    @Option(help: "How a bound is tested: exact (values symmetric around their mean) or normal (Student's t).")
    var assume = Assumption.exact
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The deviation of the values, known from elsewhere: z.", valueName: "deviation"))
    var sd: String?
    @Flag(help: "Test the geometric mean against the bound; with noise, the scatter of logarithms.")
    var log = false
    @Option(help: "How the verdict is printed.")
    var format = Choice(standard: JudgePage.Format.text)
    @OptionGroup var short: JSONOption
    @OptionGroup var database: DatabaseOptions

    enum Basis: String, CaseIterable, ExpressibleByArgument {
        case value, time
    }

    enum Assumption: String, CaseIterable, ExpressibleByArgument {
        case exact, normal
    }

    func validate() throws {
        try short.check(format)
        guard !isNoise else {
            guard arms.count == 2 else {
                throw ValidationError(
                    "judge noise takes one arm; name it, and write noise: for a sweep of that name")
            }
            return
        }
        guard try bound == nil || arms.count == 1 else {
            throw ValidationError("--below and --above are for one arm, and '\(arms[1])' is another; leave it out")
        }
        guard try bound != nil || arms.count > 1 else {
            throw ValidationError(
                "there is nothing to compare '\(arms[0])' with; name another arm, or give --below or --above")
        }
    }

    func run() throws {
        let request = try request
        let store = try database.openForReading()
        let isAlive: (ProcessIdentity) -> Bool? = { $0.isAlive }
        if isNoise {
            let noise = try JudgedNoise(arms[1], isLogarithmic: log, request, in: store, isAlive: isAlive)
            return try print(JudgePage(noise))
        }
        let outcome: JudgedPair.Outcome
        if let bound = try bound {
            let judged = try JudgedBound(arms[0], bound, request, in: store, isAlive: isAlive)
            try count([judged.look], in: store)
            try print(JudgePage(judged))
            outcome = judged.outcome
        } else {
            let judged = try JudgedComparison(
                arms[0], Array(arms.dropFirst()), request, in: store, isAlive: isAlive)
            try count(judged.pairs.map(\.look), in: store)
            try print(JudgePage(judged))
            outcome = judged.outcome
        }
        switch outcome {
        case .better: return
        case .worse, .tied: throw ExitCode(1)
        case .undecided, .notComparable: throw ExitCode(2)
        }
    }

    /// What no verdict is: 64 where the request makes no sense, 70 for any other failure, so that a loop never takes a
    /// locked file for a verdict.
    static func exitCode(for error: any Error, usual: Int32) -> Int32 {
        let isMistake = error is ReportError || (error as? TrackingError)?.code == .notFound || usual == EX_USAGE
        return isMistake ? EX_USAGE : EX_SOFTWARE
    }

    // MARK: - Internals

    private var isNoise: Bool { arms.first == "noise" && below == nil && above == nil }

    private func print(_ page: JudgePage) throws {
        try Terminal.print(page.text(short.json ? .json : format.value, width: Terminal.outputWidth))
    }

    /// Keeps that somebody looked, unless the same was seen before.
    private func count(_ looks: [StoredVerdict?], in store: Store) throws {
        let new = try looks.compactMap(\.self).filter { look in
            try !store.verdicts.all(on: look.question).contains { $0.runs == look.runs }
        }
        guard !new.isEmpty else { return }
        guard FileManager.default.isWritableFile(atPath: database.file) else {
            return Terminal.printNote(
                "gradbook: '\(database.file)' cannot be written, so this verdict is not counted as a look")
        }
        let writer = try database.openForWriting()
        defer { writer.close() }
        for look in new { try writer.verdicts.add(look) }
    }

    private var request: JudgeRequest {
        get throws {
            var request = JudgeRequest()
            request.quantity = try quantity
            request.goal = goal
            request.alpha = try number(alpha, of: "alpha", "between 0 and 1", "0.05") { 0 < $0 && $0 < 1 }
            request.isOneSided = oneSided
            request.minimumEffect = try minEffect.map {
                try number($0, of: "min-effect", "above 0", "0.01") { $0 > 0 }
            }
            request.planRatio = try number(planRatio, of: "plan-ratio", "above 0, and more than 5 % from 1", "0.8") {
                $0 > 0 && abs(Foundation.log($0)) > Foundation.log(1.05)
            }
            if let select { request.selection = try RunFilter(select) }
            request.tuningSeeds = try TuningSeeds(argument: tuningSeeds)
            request.settingPaths = RunSetting.listingPaths
            request.settingWords = RunSetting.listingWords
            return request
        }
    }

    private var quantity: JudgedQuantity {
        get throws {
            guard by == .time || success == nil else {
                throw ValidationError("--success is for --by time; give both, or neither")
            }
            guard hold > 0 else {
                throw ValidationError("--hold: '\(hold)' is not a number of steps; give 1 or more")
            }
            guard by == .time else { return JudgedQuantity(metric: metric, place: try place) }
            guard let success else {
                throw ValidationError("--by time needs what is to hold; give for instance --success excess=1e-3")
            }
            guard try metric == nil && place == .final else {
                throw ValidationError("--by time measures steps; leave out --metric and --at")
            }
            return JudgedQuantity(condition: JudgedQuantity.Condition(try ReportTarget(text: success), window: hold))
        }
    }

    private var place: JudgedQuantity.Place {
        get throws {
            switch at {
            case "final": return .final
            case "earliest":
                guard below != nil || above != nil else {
                    throw ValidationError(
                        "--at earliest: the first step at which a bound is passed; give --below or --above")
                }
                return .earliest
            case "best":
                guard biased else {
                    throw ValidationError(
                        "--at best: the best of a noisy curve is better than the run; give --biased as well to have it")
                }
                return .best
            default:
                guard at.hasPrefix("step="), let step = Int(at.dropFirst("step=".count)), step >= 0 else {
                    throw ValidationError("--at: '\(at)' is no place; give final, step=100, earliest or best")
                }
                return .step(step)
            }
        }
    }

    private var bound: JudgedBound.Bound? {
        get throws {
            guard below == nil || above == nil else {
                throw ValidationError("--below and --above are two questions; give one")
            }
            let deviation = try sd.map { try number($0, of: "sd", "above 0", "0.0013") { $0 > 0 } }
            guard assume == .exact || deviation == nil else {
                throw ValidationError("--assume and --sd are two tests; give one")
            }
            guard let text = below ?? above else {
                guard deviation == nil, assume == .exact, !log || isNoise else {
                    throw ValidationError("--assume, --sd and --log are for a bound; give --below or --above")
                }
                return nil
            }
            let value = try number(text, of: below == nil ? "above" : "below", "", "3.28") { _ in true }
            return JudgedBound.Bound(
                below == nil ? .above : .below, value, assumesNormal: assume == .normal, deviation: deviation,
                isLogarithmic: log)
        }
    }

    private func number(
        _ text: String, of option: String, _ range: String, _ example: String, _ isGood: (Double) -> Bool
    ) throws -> Double {
        guard let number = Double(decimal: text), number.isFinite, isGood(number) else {
            let what = range.isEmpty ? "a number" : "a number \(range)"
            throw ValidationError("--\(option): '\(text)' is not \(what); give for instance \(example)")
        }
        return number
    }
}

extension JudgeRequest.Goal: ExpressibleByArgument {}
