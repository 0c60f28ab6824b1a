import Foundation
import Statistics
import TextFormats
import Tracking

/// Verdicts for programs: every number that a verdict rests on, each key always there, what is not known is null.
enum JudgeJSON {
    static func text(_ value: some Encodable) -> String {
        (try? JSONEncoder.forPrograms().text(value)) ?? "{}"
    }

    struct Comparison: Encodable {
        /// `better`, `worse`, `tied`, `undecided` or `not comparable`, of the first arm against all others.
        let outcome: String
        let comparisons: [Pair]
    }

    struct Interval: Encodable {
        let low: Double
        let high: Double

        init(low: Double, high: Double) { (self.low, self.high) = (low, high) }
        init(_ interval: Statistics.Interval) { (low, high) = (interval.low, interval.high) }
        init(_ interval: WilsonInterval) { (low, high) = (interval.low, interval.high) }
    }

    /// A run with its number.
    struct Run: Encodable {
        let id: Int64
        let seed: Int64
        let standing: String
        @Nullable var value: Double?

        init(_ run: JudgedRun) {
            (id, seed) = (run.run.id, run.seed)
            switch run.standing {
            case .ended: standing = run.outcome == .failure ? "never" : "done"
            case .failed(let failure): standing = "\(failure)"
            case .noResult(let absence): standing = "\(absence)"
            }
            if case .value(let number) = run.outcome { value = number } else { value = nil }
        }
    }

    struct Row: Encodable {
        let seed: Int64
        @Nullable var first: Run?
        @Nullable var second: Run?
        /// Of the values; null where one is missing.
        @Nullable var effect: Double?
    }

    struct Arm: Encodable {
        let name: String
        let groupIds: [String]
        @Nullable var settings: String?
        @Nullable var candidates: Int?
        let choosingSeeds: [Int64]
        let isOptimistic: Bool

        init(_ arm: JudgedArm) {
            (name, groupIds) = (arm.name, arm.groupIDs.sorted())
            isOptimistic = arm.isOptimistic || arm.choice?.kind == .onTheSameSeeds
            choosingSeeds = arm.choice?.seeds ?? []
            settings = arm.choice?.settings
            candidates = arm.choice?.candidateCount
        }
    }

    struct Plan: Encodable {
        let effect: Double
        /// Null where more than ``Statistics/SeedPlan/largestCount`` are needed.
        @Nullable var seeds: Int?
    }

    struct Pair: Encodable {
        let outcome: String
        @Nullable var cause: String?
        let sentence: String
        let explanations: [String]
        let first: Arm
        let second: Arm
        let measure: String
        let goal: String
        let scale: String
        @Nullable var cutAtStep: Int?
        let alphaAsked: Double
        let alpha: Double
        let earlierLooks: Int
        let isOneSided: Bool
        @Nullable var minimumEffect: Double?
        @Nullable var test: String?
        let isExact: Bool
        @Nullable var p: Double?
        @Nullable var adjustedP: Double?
        let familySize: Int
        @Nullable var smallestP: Double?
        @Nullable var effect: Double?
        @Nullable var interval: Interval?
        @Nullable var chance: Double?
        @Nullable var chanceInterval: Interval?
        let pairs: Int
        let pairsUsed: Int
        let failuresFirst: Int
        let failuresSecond: Int
        let unpaired: Int
        let repeated: Int
        @Nullable var varianceRatio: Double?
        @Nullable var spreadRatio: Double?
        let differences: [Double]
        @Nullable var plan: Plan?
        let seeds: [Row]

        init(_ pair: JudgedPair) {
            let result = pair.result
            let isRatio = result.measure.scale == .ratio
            outcome = pair.outcome.rawValue
            if case .undecided(let reason) = result.verdict, pair.obstacle == nil { cause = reason.name }
            if pair.obstacle != nil { cause = pair.obstacle }
            (sentence, explanations) = (pair.sentence, pair.explanations)
            (first, second) = (Arm(pair.first), Arm(pair.second))
            (measure, goal, scale) = (pair.measureName, pair.goal.rawValue, isRatio ? "ratio" : "difference")
            (alphaAsked, alpha, earlierLooks) = (pair.alpha, result.rules.alpha, pair.earlierLooks)
            (isOneSided, isExact, familySize) = (result.rules.isOneSided, result.isExact, result.familySize)
            (pairs, pairsUsed) = (result.pairCount, result.usedCount)
            (failuresFirst, failuresSecond) = result.failures
            (unpaired, repeated, differences) = (result.unpairedCount, result.repeatedCount, result.differences)
            seeds = pair.rows.map {
                Row(
                    seed: $0.seed, first: .init(wrappedValue: $0.first.map(Run.init)),
                    second: .init(wrappedValue: $0.second.map(Run.init)),
                    effect: .init(wrappedValue: $0.effect(isRatio: isRatio)))
            }
            cutAtStep = pair.cut
            minimumEffect = result.measure.minimumEffect
            test = result.test.map { "\($0)" }
            (p, adjustedP, smallestP, effect) = (result.p, result.adjustedP, result.smallestP, result.effect)
            interval = result.interval.map(Interval.init)
            chance = result.chance?.estimate
            chanceInterval = result.chance.map { Interval($0.interval) }
            (varianceRatio, spreadRatio) = (result.varianceRatio, result.spreadRatio)
            plan = pair.plan.map { Plan(effect: $0.effect, seeds: .init(wrappedValue: $0.seeds)) }
        }
    }

    struct Bound: Encodable {
        let outcome: String
        let sentence: String
        let explanations: [String]
        let arm: Arm
        let measure: String
        let side: String
        let bound: Double
        let isLogarithmic: Bool
        let alphaAsked: Double
        let alpha: Double
        let earlierLooks: Int
        let isOneSided: Bool
        @Nullable var test: String?
        @Nullable var p: Double?
        @Nullable var smallestP: Double?
        @Nullable var estimate: Double?
        @Nullable var interval: Interval?
        @Nullable var step: Int?
        let seeds: [Run]

        init(_ bound: JudgedBound) {
            (outcome, sentence, explanations) = (bound.outcome.rawValue, bound.sentence, bound.explanations)
            (arm, measure, side) = (Arm(bound.arm), bound.measureName, bound.bound.side.rawValue)
            (self.bound, isLogarithmic) = (bound.bound.value, bound.bound.isLogarithmic)
            (alphaAsked, alpha, earlierLooks) = (bound.askedAlpha, bound.alpha, bound.earlierLooks)
            isOneSided = bound.isOneSided
            seeds = bound.runs.map(Run.init)
            test = bound.test.map(\.name)
            (p, smallestP, estimate) = (bound.p, bound.smallestP, bound.estimate)
            interval = bound.interval.map(Interval.init)
            step = bound.earliest?.step
        }
    }

    struct Noise: Encodable {
        struct Resolved: Encodable {
            let seeds: Int
            let effect: Double
        }

        let sentence: String
        let explanations: [String]
        let arm: Arm
        let measure: String
        let isLogarithmic: Bool
        let count: Int
        let mean: Double
        let deviation: Double
        let deviationInterval: Interval
        let resolved: [Resolved]
        let seeds: [Run]

        init(_ noise: JudgedNoise) {
            (sentence, explanations, arm) = (noise.sentence, noise.explanations, Arm(noise.arm))
            (measure, isLogarithmic) = (noise.measureName, noise.isLogarithmic)
            let estimate = noise.estimate
            (count, mean, deviation) = (estimate.count, estimate.mean, estimate.deviation)
            deviationInterval = Interval(estimate.deviationInterval)
            resolved = JudgedNoise.seedCounts.map { Resolved(seeds: $0, effect: noise.resolved($0)) }
            seeds = noise.runs.map(Run.init)
        }
    }
}

/// A value that stands as null where there is none, so that every object has the same keys.
@propertyWrapper
struct Nullable<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue: Value? = nil) { self.wrappedValue = wrappedValue }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

extension Verdict.Cause {
    /// In a few words, for a program.
    var name: String {
        switch self {
        case .noResults: "no results"
        case .deterministic: "deterministic"
        case .nothingTellsThemApart: "nothing tells them apart"
        case .tooFewSeeds: "too few seeds"
        case .chosenOnTheSameSeeds: "chosen on the same seeds"
        case .tooSmallToMatter: "too small to matter"
        case .notBeyondChance: "not beyond chance"
        case .notBeyondChanceAmongAll: "not beyond chance among all"
        }
    }
}

extension JudgedBound.Test {
    var name: String {
        switch self {
        case .median: "sign"
        case .mean(.symmetric): "signFlip"
        case .mean(.normal): "t"
        case .mean(.knownDeviation): "z"
        }
    }
}
