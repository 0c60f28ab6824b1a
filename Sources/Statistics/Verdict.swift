/// What a comparison amounts to.
package enum Verdict: Sendable, Equatable {
    case firstIsBetter
    case secondIsBetter
    /// The whole interval lies where differences do not matter.
    case tied
    case undecided(Cause)

    /// Why nothing is decided.
    package enum Cause: Sendable, Equatable {
        /// No seed has a result in both arms, or one arm has none.
        case noResults
        /// The seed has no effect on either arm: a fact of this start, not a sample.
        case deterministic
        /// Every pair fails twice or is equal.
        case nothingTellsThemApart
        /// So few seeds cannot give a small enough p, whatever they show.
        case tooFewSeeds
        /// The difference is beyond chance, but a configuration was chosen on the same seeds.
        case chosenOnTheSameSeeds
        /// The difference is beyond chance, but too small to matter.
        case tooSmallToMatter
        /// The difference may be chance.
        case notBeyondChance
        /// Alone it would be beyond chance, among all pairs it is not.
        case notBeyondChanceAmongAll
    }
}

extension PairComparison {
    /// By the p that is adjusted among all pairs, if it is.
    package var verdict: Verdict {
        if isDeterministic { return .undecided(.deterministic) }
        guard let p, let test else { return .undecided(.noResults) }
        guard usedCount > 0 else { return .undecided(.nothingTellsThemApart) }
        let adjusted = adjustedP ?? p
        let isFirst = effect.map(measure.favorsFirst) ?? false
        let isSecond = !rules.isOneSided && effect.map(measure.favorsSecond) ?? false
        if adjusted <= rules.alpha, isFirst || isSecond {
            return rules.isOptimistic ? .undecided(.chosenOnTheSameSeeds) : isFirst ? .firstIsBetter : .secondIsBetter
        }
        // The median of the pairs that are told apart says nothing of the others.
        if test != .sign, !rules.isOneSided, let negligible = measure.negligible, let interval,
            interval.isInside(negligible)
        {
            return .tied
        }
        if !differences.isEmpty, differences.allSatisfy({ $0 == 0 }) { return .undecided(.nothingTellsThemApart) }
        if let smallestP, smallestP * Double(familySize) > rules.alpha { return .undecided(.tooFewSeeds) }
        if adjusted <= rules.alpha { return .undecided(.tooSmallToMatter) }
        return .undecided(p <= rules.alpha ? .notBeyondChanceAmongAll : .notBeyondChance)
    }

    /// How many seeds with results in both arms are the fewest for which any difference can be found, with as many pairs.
    package var fewestSeeds: Int {
        (1...1000).first { count in
            let smallest =
                test == .rankSum
                ? RankSumTest.smallestP(count, count, side: rules.isOneSided ? .lower : .both)
                : SignFlipTest.smallestP(count: count, side: rules.isOneSided ? .lower : .both)
            return smallest * Double(familySize) <= rules.alpha
        } ?? 1000
    }
}
