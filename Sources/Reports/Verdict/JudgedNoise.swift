import Foundation
import Statistics
import TextFormats
package import Tracking

/// How much the runs of one configuration scatter over their seeds, and what that lets one see.
package struct JudgedNoise: Sendable {
    let arm: JudgedArm
    let runs: [JudgedRun]
    let measureName: String
    let isLogarithmic: Bool
    /// Of the values, or of their logarithms.
    let estimate: NoiseEstimate
    let alpha: Double

    /// So many seeds of each of two arms.
    static let seedCounts = [1, 3, 5, 10, 20]

    package init(
        _ text: String, isLogarithmic: Bool, _ request: JudgeRequest, in store: Store,
        isAlive: @escaping (ProcessIdentity) -> Bool?
    ) throws {
        let finder = request.finder(in: store, isAlive: isAlive)
        let reference = try ArmReference(text, selection: request.selection, in: finder)
        try request.tuningSeeds.mustExist(in: [reference])
        var reader = MeasureReader(store, interrupted: try finder.interrupted())
        let quantity = try RunQuantity(request.quantity, of: reference.runs, isAbsolute: false, &reader)
        let place = request.quantity.place
        arm = try reader.arm(reference, seeds: request.tuningSeeds) { runs, reader in
            try place.mustBeWithin(runs)
            let measured = try reader.measure(runs, quantity, at: place, cut: nil, goal: .min)
            return (measured, JudgedComparison.measure(measured, quantity, .min, request))
        }
        try place.mustBeWithin(arm.runs)
        runs = try reader.measure(arm.runs, quantity, at: place, cut: nil, goal: .min)
        measureName = quantity.name(at: place, cut: nil)
        self.isLogarithmic = isLogarithmic
        alpha = request.alpha
        let results = runs.distinctResults
        let values = results.compactMap { run -> Double? in
            if case .value(let value) = run.outcome { value } else { nil }
        }
        guard results.count > 1 || runs.repeated == nil else {
            throw ReportError(
                .badMeasure,
                "the \(runs.count.counted("run")) of '\(text)' did exactly the same: the seed has no effect, and there is no spread",
                advice: "judge runs that differ by their seeds")
        }
        guard values.count > 1 else {
            throw ReportError(
                .badMeasure,
                "'\(text)' has \(values.count.counted("run")) with a value, and a spread takes two",
                advice: "train more seeds")
        }
        guard !isLogarithmic || values.allSatisfy({ $0 > 0 }) else {
            throw ReportError(
                .badMeasure, "the logarithm is of numbers above 0, and some of these are not",
                advice: "leave out \(option: "log")")
        }
        estimate = NoiseEstimate(isLogarithmic ? values.map { log($0) } : values, alpha: request.alpha)
    }

    /// With so many seeds of each arm: a difference, or a ratio below 1.
    func resolved(_ seeds: Int) -> Double {
        let difference = estimate.resolvedDifference(seeds: seeds, alpha: alpha)
        return isLogarithmic ? exp(-difference) : difference
    }

    package var sentence: String {
        let interval = estimate.deviationInterval
        let texts = NumberText.together([estimate.deviation, interval.low, interval.high])
        let what = isLogarithmic ? "logarithm of the \(measureName)" : measureName
        let mean =
            isLogarithmic
            ? "geometric mean \(NumberText.rounded(exp(estimate.mean)))" : "mean \(NumberText.rounded(estimate.mean))"
        let level = NumberText.exact(((1 - alpha) * 1e6).rounded() / 1e4)
        return "\(arm.name), \(what): \(mean), deviation \(texts[0]) [\(texts[1]), \(texts[2])] over "
            + "\(estimate.count.counted("seed")) (\(level) %, for normal values)"
            + extras.map { "; \($0)" }.joined() + "."
    }

    private var extras: [String] {
        let failed = runs.distinctResults.count { $0.outcome == .failure }
        let leftOut = [RunStanding.absences(in: runs.map(\.standing)), runs.repeated].compactMap(\.self)
        return [
            arm.note, failed > 0 ? "without \(failed.counted("failure")), so a spread of the successes alone" : nil,
            leftOut.isEmpty ? nil : "left out: \(leftOut.joined(separator: ", "))",
        ].compactMap(\.self)
    }

    package var explanations: [String] {
        let effects = Self.seedCounts.map { "\($0): \(NumberText.rounded(resolved($0), digits: 3))" }.joined(
            separator: ", ")
        let fewest = (1...1000).first { SignFlipTest.smallestP(count: $0) <= alpha } ?? 1000
        return [
            "The smallest \(isLogarithmic ? "ratio" : "difference") of two arms that so many seeds of each find in 8 of 10 cases, if "
                + "the deviation is taken as known: \(effects); the exact test needs \(fewest)."
        ]
    }
}
