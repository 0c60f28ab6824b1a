import Statistics
import TextFormats

/// What simulations say of the rules, in words: every figure is one of ``Statistics/Calibration``.
enum CalibrationText {
    /// Of the mean time of a run that succeeds, or of the expected time where runs fail.
    static func times(hasFailures: Bool) -> String {
        "in simulations of log-normal times it held the true value in \(range(Calibration.timeCoverage(hasFailures: hasFailures)))"
    }

    /// Of the interquartile mean of log10 excess.
    static var interquartileMean: String {
        "in simulations of log-normal excess it held the true value in \(range(Calibration.interquartileMeanBounds))"
    }

    /// Of Wilson's interval.
    static var rate: String {
        let bounds = Calibration.rateBounds
        let counts = Calibration.rateCoverage.keys
        return "for \(counts.min() ?? 0) to \((counts.max() ?? 0).counted("run")) it holds the rate in "
            + "\(percent(bounds.mean.low)) to \(percent(bounds.mean.high)) % of cases on average over all rates, in "
            + "\(percent(bounds.lowest)) % at the worst"
    }

    /// Of an interval by draws.
    static func drawn(_ test: PairComparison.Test) -> String {
        let share = Calibration.drawnCoverage[test].map { " it held the true ratio in \(percent($0)) % of cases" } ?? ""
        return "in simulations of log-normal values at \(Calibration.drawnSeeds) seeds\(share)"
    }

    /// How often one of several equal arms is called better, for arms like these.
    static func falseFindings(of comparison: Comparison) -> String {
        let tested = comparison.pairs.filter { $0.result.test != nil }
        let arms = comparison.arms.count > 2 ? 5 : 2
        let kinds = [true, false].filter { isPaired in tested.contains { ($0.result.pairCount > 0) == isPaired } }
        var figures = kinds.compactMap { isPaired in
            Calibration.highestFalseShare(isPaired: isPaired, arms: arms).map {
                "\(percent($0)) % (\(arms == 5 ? "five" : "two") arms \(isPaired ? "on" : "without") common seeds)"
            }
        }
        if comparison.arms.contains(where: { $0.choice == .onOtherSeeds }),
            let share = Calibration.highestFalseShare(isPaired: true, arms: 2, isChosen: true)
        {
            let sizes = Set(Calibration.falseFindings.map(\.configurations).filter { $0 > 1 }).sorted()
            let best = sizes.map(String.init).joined(separator: " or ")
            figures.append("\(percent(share)) % (two, each the best of \(best) configurations by other seeds)")
        }
        let (fewest, most) = (Calibration.seeds.min() ?? 0, Calibration.seeds.max() ?? 0)
        let failures = Calibration.falseFindings.map(\.failureRate).max() ?? 0
        return "in simulations of equal arms (log-normal values, \(fewest) to \(most) seeds, up to "
            + "\(percent(failures)) % failures) one was called better in at most "
            + figures.joined(separator: " and ") + " of the experiments"
    }

    // MARK: - Internals

    private static func range(_ shares: Interval) -> String {
        "\(percent(shares.low)) to \(percent(shares.high)) % of cases at \(timeSeeds)"
    }

    private static var timeSeeds: String {
        let seeds = Calibration.interquartileMeanCoverage.keys
        return "\(seeds.min() ?? 0) to \((seeds.max() ?? 0).counted("seed"))"
    }

    private static func percent(_ share: Double) -> String { NumberText.exact((1000 * share).rounded() / 10) }
}
