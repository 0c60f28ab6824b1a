import Statistics
import TextFormats
package import Tracking

/// What a person asks of two arms, or of one.
package struct JudgeRequest: Sendable {
    /// Which values are better.
    package enum Goal: String, Sendable, CaseIterable {
        case min, max
    }

    package var quantity = JudgedQuantity()
    /// Which values are better; nil where the metric says it.
    package var goal: Goal?
    package var tuningSeeds = TuningSeeds.standard
    package var alpha = 0.05
    package var isOneSided = false
    /// A difference up to this does not matter; differences are compared then.
    package var minimumEffect: Double?
    package var selection = RunFilter.all
    /// The ratio that more seeds are planned for.
    package var planRatio = 0.8
    /// Further names of settings in filters, each with its place in the configuration.
    package var settingPaths: [String: String] = [:]
    /// The words that settings can be, see `Tracking/RunListingRequest`.
    package var settingWords: [String: [String]] = [:]

    package init() {}

    func finder(in store: Store, isAlive: @escaping (ProcessIdentity) -> Bool?) -> RunFinder {
        RunFinder(store, settingPaths: settingPaths, settingWords: settingWords, isAlive: isAlive)
    }

    func mustHaveGoal(_ quantity: RunQuantity) throws -> Measure.Goal {
        if let goal { return goal == .min ? .min : .max }
        if let known = quantity.goal { return known }
        guard case .column(let name) = quantity else { return .min }
        guard let known = Measure.Goal.known(ofMetric: name) else {
            throw ReportError(
                .badMeasure, "whether a low or a high \(name) is better is not known",
                advice: "give \(option: "goal") min or max")
        }
        return known
    }
}
