import Foundation
import Randomness

/// How many seeds decide a comparison if the true effect is a given one: what the pilot's scatter promises.
///
/// The pilot's differences are centred, multiplied by √(n/(n-1)) and by the 80 % upper bound of their deviation, moved to
/// the effect in question, and drawn with replacement through the rule of the verdict. Never the effect that was seen:
/// that promise comes true in a third of the cases.
package struct SeedPlan: Sendable, Equatable {
    /// In so many of the studies the verdict must come out.
    package static let power = 0.8
    package static let largestCount = 1000
    private static let studyCount = 400

    /// The effect that is planned for: a ratio, or a difference.
    package let effect: Double
    /// Nil if more than ``largestCount`` would be needed.
    package let seeds: Int?

    /// `alpha` is the level that one pair must meet, among all that are compared.
    ///
    /// - Precondition: there are at least three differences.
    package init(
        differences: [Double], effect: Double, _ measure: Measure, alpha: Double, isOneSided: Bool = false
    ) {
        precondition(differences.count > 2, "a plan from \(differences.count) differences")
        self.effect = effect
        let moments = Moments(differences.sorted())
        let count = Double(differences.count)
        let freedom = differences.count - 1
        let bound = (Double(freedom) / ChiSquare.quantile(0.2, freedom: freedom)).squareRoot()
        let factor = (count / (count - 1)).squareRoot() * bound
        let shift = abs(measure.scale == .ratio ? log(effect) : effect)
        let threshold = abs(measure.scale == .ratio ? log(Measure.negligibleRatio.high) : measure.minimumEffect ?? 0)
        // Draws are by place, and the order of the seeds must not matter.
        let population = differences.sorted().map { ($0 - moments.mean) * factor - shift }
        let study = Study(
            population: population, threshold: threshold, alpha: alpha, side: isOneSided ? .lower : .both)
        seeds = Self.smallestCount { study.power(seeds: $0, studies: Self.studyCount) >= Self.power }
    }

    /// By doubling and bisection: power rises with the number of seeds.
    private static func smallestCount(_ isEnough: (Int) -> Bool) -> Int? {
        var (few, many) = (3, 6)
        while !isEnough(many) {
            guard many < largestCount else { return nil }
            (few, many) = (many, min(largestCount, 2 * many))
        }
        while many - few > max(1, few / 40) {
            let middle = (few + many) / 2
            if isEnough(middle) { many = middle } else { few = middle }
        }
        return many
    }

    /// Comparisons with differences drawn from one population, in which the first arm is better.
    private struct Study {
        let population: [Double]
        let threshold: Double
        let alpha: Double
        let side: Side

        func power(seeds count: Int, studies: Int) -> Double {
            guard SignFlipTest.smallestP(count: count, side: side) <= alpha else { return 0 }
            var stream = CounterStream(seed: 0, index: UInt64(count))
            var found = 0
            for _ in 0..<studies {
                let drawn = (0..<count).map { _ in
                    population[Int(stream.next().multipliedFullWidth(by: UInt64(population.count)).high)]
                }
                if isFound(drawn) { found += 1 }
            }
            return Double(found) / Double(studies)
        }

        private func isFound(_ differences: [Double]) -> Bool {
            let moments = Moments(differences)
            guard moments.mean < -threshold else { return false }
            guard moments.variance > 0 else {
                return SignFlipTest.smallestP(count: differences.count, side: side) <= alpha
            }
            // Student's t is near the sign-flip test: only where it is near the level need all signs be counted.
            let t = moments.mean / moments.standardError
            let both = StudentT.twoSided(t, freedom: differences.count - 1)
            let near = side == .both ? both : both / 2
            if differences.count > 16 {
                if near < alpha / 2 { return true }
                if near > 2 * alpha { return false }
                // Beyond that, the two agree to a few per cent of p.
                if differences.count > 24 { return near <= alpha }
            }
            return SignFlipTest(differences, side: side).p <= alpha
        }
    }
}
