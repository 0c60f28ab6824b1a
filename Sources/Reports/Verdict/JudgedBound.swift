import Foundation
import Statistics
import TextFormats
package import Tracking

/// One arm against a bound.
package struct JudgedBound: Sendable {
    package enum Side: String, Sendable {
        case below, above
    }

    /// What is asked of the arm.
    package struct Bound: Sendable {
        let side: Side
        let value: Double
        let assumption: BoundTest.Assumption
        /// Whether the geometric mean is tested.
        let isLogarithmic: Bool

        package init(
            _ side: Side, _ value: Double, assumesNormal: Bool = false, deviation: Double? = nil,
            isLogarithmic: Bool = false
        ) {
            (self.side, self.value, self.isLogarithmic) = (side, value, isLogarithmic)
            assumption = deviation.map { .knownDeviation($0) } ?? (assumesNormal ? .normal : .symmetric)
        }

        var text: String { "\(side.rawValue) \(NumberText.exact(value))" }
    }

    /// What p is of.
    enum Test: Sendable, Equatable {
        case mean(BoundTest.Assumption)
        /// Where some runs fail, which have no mean.
        case median
    }

    let arm: JudgedArm
    let bound: Bound
    let runs: [JudgedRun]
    /// Those with a result, each trajectory once.
    private let results: [JudgedRun]
    /// Whether the seed made no difference at all, so that there is one number and no sample.
    let isDeterministic: Bool
    let measureName: String
    /// The step at which it passes, of those that were looked at; nil where none was searched or found.
    let earliest: (step: Int?, stepCount: Int)?
    let test: Test?
    let p: Double?
    let smallestP: Double?
    /// In the units of the values.
    let estimate: Double?
    let interval: Interval?
    /// The level that p must meet.
    let alpha: Double
    let askedAlpha: Double
    let earlierLooks: Int
    let isOneSided: Bool
    private let question: String

    package init(
        _ text: String, _ bound: Bound, _ request: JudgeRequest, in store: Store,
        isAlive: @escaping (ProcessIdentity) -> Bool?
    ) throws {
        let finder = request.finder(in: store, isAlive: isAlive)
        let reference = try ArmReference(text, selection: request.selection, in: finder)
        try request.tuningSeeds.mustExist(in: [reference])
        var reader = MeasureReader(store, interrupted: try finder.interrupted())
        let quantity = try RunQuantity(request.quantity, of: reference.runs, isAbsolute: true, &reader)
        // What is best does not depend on the question: `best:` is the same configuration everywhere.
        let goal = (try? request.mustHaveGoal(quantity)) ?? (bound.side == .below ? .min : .max)
        let place = request.quantity.place.orFinal(of: reference.runs)
        let arm = try reader.arm(reference, seeds: request.tuningSeeds) { runs, reader in
            try place.mustBeWithin(runs)
            let measured = try reader.measure(runs, quantity, at: place, cut: nil, goal: goal)
            return (measured, JudgedComparison.measure(measured, quantity, goal, request))
        }
        try place.mustBeWithin(arm.runs)
        (self.arm, self.bound, isOneSided, askedAlpha) = (arm, bound, request.isOneSided, request.alpha)
        var alpha = request.alpha
        if place == .earliest {
            let curves = try Curves(of: arm.runs, quantity, &reader)
            alpha /= Double(max(1, curves.steps.count))
            let found = curves.first { values in
                Self.passes(values, bound, isOneSided: request.isOneSided, alpha: alpha)
            }
            earliest = (found, curves.steps.count)
            measureName =
                found.map { quantity.name(at: .step($0), cut: nil) } ?? quantity.name(at: .final, cut: nil)
            runs =
                try found.map { try reader.measure(arm.runs, quantity, at: .step($0), cut: nil, goal: goal) }
                ?? reader.measure(arm.runs, quantity, at: .final, cut: nil, goal: goal)
        } else {
            earliest = nil
            measureName = quantity.name(at: place, cut: nil)
            runs = try reader.measure(arm.runs, quantity, at: place, cut: nil, goal: goal)
        }
        question = Self.question(arm, bound, quantity.name(at: place, cut: nil))
        let distinct = runs.distinctResults
        (results, isDeterministic) = (distinct, distinct.count == 1 && runs.count(where: \.outcome.hasResult) > 1)
        earlierLooks = try store.verdicts.all(on: question).earlierLooks(at: Set(distinct.map(\.seed)))
        alpha /= Double(1 + earlierLooks)
        self.alpha = alpha
        let result = try Self.test(distinct, bound, isOneSided: isOneSided, alpha: alpha)
        (test, p, smallestP, estimate, interval) =
            (result?.test, result?.p, result?.smallestP, result?.estimate, result?.interval)
    }

    package var outcome: JudgedPair.Outcome {
        guard let p, let estimate else { return .notComparable }
        guard p <= alpha, !arm.isOptimistic, !isDeterministic else { return .undecided }
        let isBelow = estimate < bound.value
        return (bound.side == .below) == isBelow ? .better : .worse
    }

    // MARK: - Tests

    private struct Result {
        let test: Test
        let p: Double
        let smallestP: Double
        let estimate: Double
        let interval: Interval
    }

    /// Nil where no run has a result.
    private static func test(
        _ runs: [JudgedRun], _ bound: Bound, isOneSided: Bool, alpha: Double
    ) throws -> Result? {
        let outcomes = runs.map(\.outcome)
        let values = outcomes.compactMap { outcome -> Double? in
            if case .value(let value) = outcome { value } else { nil }
        }
        guard !outcomes.isEmpty else { return nil }
        if bound.isLogarithmic, values.contains(where: { $0 <= 0 }) || bound.value <= 0 {
            throw ReportError(
                .badMeasure, "the geometric mean is of numbers above 0, and some of these are not",
                advice: "leave out \(option: "log")")
        }
        let side: Statistics.Side = !isOneSided ? .both : bound.side == .below ? .lower : .higher
        guard values.count == outcomes.count else {
            // The worst value is above every bound that is to be stayed below.
            let worst: Double = bound.side == .below ? .infinity : -.infinity
            let all = values + Array(repeating: worst, count: outcomes.count - values.count)
            let told = all.filter { $0 != bound.value }
            let (lower, higher) = (told.count { $0 < bound.value }, told.count { $0 > bound.value })
            return Result(
                test: .median, p: SignTest(lower: lower, higher: higher, side: side).p,
                smallestP: SignTest.smallestP(count: told.count, side: side),
                estimate: OrderStatistics(all).median ?? worst,
                interval: SignTest.interval(all, alpha: alpha, side: side))
        }
        if case .normal = bound.assumption, values.count < 2 {
            throw ReportError(
                .badMeasure, "one run has no spread to test with", advice: "give a known \(option: "sd"), or more seeds"
            )
        }
        let scaled = bound.isLogarithmic ? values.map { log($0) } : values
        let test = BoundTest(
            scaled, bound: bound.isLogarithmic ? log(bound.value) : bound.value, assuming: bound.assumption, side: side,
            alpha: alpha)
        let back = { (value: Double) in bound.isLogarithmic ? exp(value) : value }
        return Result(
            test: .mean(bound.assumption), p: test.p, smallestP: test.smallestP, estimate: back(test.estimate),
            interval: Interval(low: back(test.interval.low), high: back(test.interval.high)))
    }

    /// Whether all runs together are on the wanted side, by values of which none is missing.
    private static func passes(_ values: [Double], _ bound: Bound, isOneSided: Bool, alpha: Double) -> Bool {
        let mean = values.reduce(0, +) / Double(values.count)
        // Cheap, and enough nearly everywhere.
        guard bound.isLogarithmic || (bound.side == .below ? mean < bound.value : mean > bound.value) else {
            return false
        }
        let scaled = bound.isLogarithmic ? values.map { log($0) } : values
        guard scaled.allSatisfy(\.isFinite) else { return false }
        let limit = bound.isLogarithmic ? log(bound.value) : bound.value
        let side: Statistics.Side = !isOneSided ? .both : bound.side == .below ? .lower : .higher
        if case .symmetric = bound.assumption {
            let magnitude = max(abs(limit), scaled.map { abs($0) }.max() ?? 0)
            let test = SignFlipTest(scaled.map { $0 - limit }, magnitude: magnitude, side: side)
            return test.p <= alpha && (bound.side == .below) == (test.estimate < 0)
        }
        let test = BoundTest(scaled, bound: limit, assuming: bound.assumption, side: side, alpha: alpha)
        return test.p <= alpha && (bound.side == .below) == (test.estimate < limit)
    }

    // MARK: - Looks

    package var look: StoredVerdict? {
        guard let p else { return nil }
        let isTooFew = outcome == .undecided && smallestP ?? 0 > alpha
        return StoredVerdict(
            question: question, first: arm.name, second: bound.text, measure: measureName,
            seeds: Set(results.map(\.seed)), runs: Set(results.compactMap(\.run.plan.identity)), alpha: alpha, p: p,
            verdict: isTooFew ? StoredVerdict.tooFewSeeds : outcome.rawValue)
    }

    private static func question(_ arm: JudgedArm, _ bound: Bound, _ measure: String) -> String {
        #"{"arm":\#(QuestionText.list(arm.groupIDs)),"bound":\#(QuestionText.string(bound.text)),"#
            + #""measure":\#(QuestionText.string(measure))}"#
    }
}

/// The values of all runs of an arm at the steps that all of them recorded.
private struct Curves {
    let steps: [Int]
    private let values: [[Int: Double]]

    init(of runs: [Run], _ quantity: RunQuantity, _ reader: inout MeasureReader) throws {
        let standings = try reader.standings(of: runs)
        guard standings.allSatisfy({ $0 == .ended }) else {
            throw ReportError(
                .badMeasure, "the earliest step is of runs that are all done, and some of these are not",
                advice: "leave them out with \(option: "select")")
        }
        values = try runs.map { run in
            Dictionary(try reader.curve(of: run, quantity).map { ($0.step, $0.value) }) { first, _ in first }
        }
        let common = values.dropFirst().reduce(Set(values.first.map { Array($0.keys) } ?? [])) {
            $0.intersection($1.keys)
        }
        steps = common.sorted()
    }

    func first(where passes: ([Double]) -> Bool) -> Int? {
        steps.first { step in passes(values.map { $0[step] ?? .nan }) }
    }
}

// MARK: - In words

extension JudgedBound {
    package var sentence: String {
        let subject = "\(arm.name) in \(measureName)"
        guard let test, let p, let estimate, let interval else {
            return "\(subject): nothing to test, no run has a result."
        }
        let bounds = [interval.low, interval.high]
        let texts = NumberText.together([estimate] + bounds.filter(\.isFinite))
        let range =
            switch (interval.low.isFinite, interval.high.isFinite) {
            case (true, true): " [\(texts[1]), \(texts[2])]"
            case (true, false): " (at least \(texts[1]))"
            case (false, true): " (at most \(texts[1]))"
            case (false, false): ""
            }
        let mean =
            switch test {
            case .median: "median"
            case .mean: bound.isLogarithmic ? "geometric mean" : "mean"
            }
        let count = results.count
        let evidence =
            "\(mean) \(texts[0])\(range) over \(count.counted("seed")); \(testName), p = "
            + NumberText.rounded(p, digits: 2)
        let finding =
            switch outcome {
            case .better: "\(arm.name) is \(bound.text) in \(measureName)"
            case .worse: "\(arm.name) is not \(bound.text) in \(measureName)"
            default: "\(subject) against \(NumberText.exact(bound.value)): undecided, \(reason)"
            }
        return ([finding + ": " + evidence] + extras).joined(separator: "; ") + "."
    }

    private var reason: String {
        if isDeterministic { return "the seed has no effect, so there is one number and no sample" }
        if let p, p <= alpha, arm.isOptimistic {
            return "the difference is beyond chance, but a configuration was chosen on the same seeds (optimistic)"
        }
        if let smallestP, smallestP > alpha {
            return "p can at best be \(NumberText.rounded(smallestP, digits: 2)) with so few"
        }
        return "the difference may be chance"
    }

    private var testName: String {
        let side = isOneSided ? ", one-sided, its direction fixed before the runs" : ""
        guard case .mean(let assumption) = test else { return "exact sign test of the median\(side)" }
        let what = bound.isLogarithmic ? "logarithms" : "values"
        return switch assumption {
        case .symmetric where results.count <= SignFlipTest.exactCount:
            "exact sign-flip test around the bound, which assumes \(what) symmetric around their mean\(side)"
        case .symmetric:
            "sign-flip test around the bound by \(SignFlipTest.drawCount) draws, which assumes \(what) symmetric around their mean\(side)"
        case .normal: "Student's t, which assumes normal \(what)\(side)"
        case .knownDeviation(let deviation):
            "z, which assumes normal \(what) with the known deviation \(NumberText.exact(deviation))\(side)"
        }
    }

    private var extras: [String] {
        let failed = results.count { $0.outcome == .failure }
        let absent = RunStanding.absences(in: runs.map(\.standing)).map { reasons in
            "\(runs.count { !$0.outcome.hasResult }.counted("run")) (\(reasons))"
        }
        let leftOut = [absent, runs.repeated].compactMap(\.self)
        return [
            arm.note, failed > 0 ? "failed: \(failed) of \(results.count.counted("run"))" : nil,
            leftOut.isEmpty ? nil : "left out: \(leftOut.joined(separator: ", "))",
        ].compactMap(\.self)
    }

    package var explanations: [String] {
        var sentences: [String] = []
        if let failures = RunStanding.failures(in: runs.map(\.standing)) { sentences.append("Failures: \(failures).") }
        if alpha < askedAlpha {
            var parts: [String] = []
            if let earliest {
                let verb = earliest.stepCount == 1 ? "was" : "were"
                parts.append("\(earliest.stepCount.counted("recorded step")) \(verb) looked at")
            }
            if earlierLooks > 0 { parts.append("this is look \(earlierLooks + 1) at this question") }
            sentences.append(
                "p must be at most \(NumberText.rounded(alpha, digits: 2)) instead of \(NumberText.exact(askedAlpha)), because "
                    + parts.joined(separator: " and ") + ".")
        }
        if let earliest, earliest.step == nil {
            sentences.append("At no step do all runs together pass; this is their end.")
        }
        if let interval, interval.low.isFinite || interval.high.isFinite {
            let level = NumberText.exact(((1 - alpha) * 1e8).rounded() / 1e6)
            sentences.append("The interval is at \(level) %, the test inverted\(exactness).")
        }
        return sentences
    }

    private var exactness: String {
        guard case .mean(.symmetric) = test, results.count > SignFlipTest.exactCount else {
            return ""
        }
        return ": approximate, by the same draws as p; \(CalibrationText.drawn(.signFlip))"
    }
}
