import Statistics

/// `report.json`: what a report claims for programs, each key always there, what is not known is null.
enum ReportJSON {
    static func text(_ findings: Findings) -> String { JudgeJSON.text(Page(findings)) + "\n" }

    private struct Page: Encodable {
        let title: String
        /// What the arms are compared by.
        let measure: String
        let target: String
        let choosingSeeds: [Int64]
        let claims: [Sentence]
        let arms: [Arm]
        let pairs: [Pair]
        let conditions: [Condition]

        init(_ findings: Findings) {
            let (data, comparison) = (findings.data, findings.comparison)
            title = data.title
            measure = comparison.measure.name(target: data.target, cut: nil)
            target = data.target.text
            choosingSeeds = comparison.choosingSeeds.sorted()
            claims = findings.claims.all.map(Sentence.init)
            arms = comparison.arms.map { Arm($0, in: comparison, settings: data.label(of: $0.group)) }
            pairs = comparison.pairs.map { Pair($0, target: data.target) }
            conditions = findings.checks.map {
                Condition(name: $0.name, passes: $0.passes, finding: $0.finding)
            }
        }
    }

    private struct Sentence: Encodable {
        let id: String
        let sentence: String
        let metric: String
        @Nullable var estimate: Double?
        @Nullable var low: Double?
        @Nullable var high: Double?
        let n: Int
        /// The id of the query in the report whose rows it was computed from.
        let query: String

        init(_ claim: Claim) {
            (id, sentence, metric, n) = (claim.id, claim.sentence, claim.metric, claim.count)
            query = claim.query.rawValue
            (estimate, low, high) = (claim.estimate, claim.low, claim.high)
        }
    }

    /// Of a fair comparison.
    private struct Condition: Encodable {
        let name: String
        let passes: Bool
        let finding: String
    }

    private struct Arm: Encodable {
        let name: String
        let groupId: String
        let settings: String
        let lowestRank: Int
        let highestRank: Int
        let candidates: Int
        let isOptimistic: Bool
        let planned: Int
        let results: Int
        let done: Int
        let diverged: Int
        let unstable: Int
        let distinct: Int
        @Nullable var successes: Int?
        @Nullable var medianTime: Double?
        @Nullable var medianTimeInterval: JudgeJSON.Interval?
        @Nullable var expectedTime: Double?
        @Nullable var medianFinalLoss: Double?
        @Nullable var medianLog10Excess: Double?

        init(_ arm: Reports.Arm, in comparison: Comparison, settings: String) {
            let (ranks, statistics) = (comparison.ranks(of: arm), arm.statistics)
            (name, groupId, self.settings) = (arm.name, arm.group.id, settings)
            (lowestRank, highestRank) = (ranks.lowerBound, ranks.upperBound)
            (candidates, isOptimistic) = (arm.triedCount, arm.isOptimistic)
            (planned, results, done) = (statistics.plannedCount, statistics.resultCount, statistics.doneCount)
            (diverged, unstable) = (statistics.divergedCount, statistics.unstableCount)
            distinct = statistics.distinctCount
            successes = statistics.times.isEmpty ? nil : statistics.successCount
            medianTime = statistics.medianTime
            medianTimeInterval = statistics.medianTimeInterval.map { JudgeJSON.Interval(low: $0.low, high: $0.high) }
            expectedTime = statistics.expectedTime
            medianFinalLoss = statistics.losses.median
            medianLog10Excess = statistics.logExcesses.median
        }
    }

    private struct Pair: Encodable {
        let first: String
        let second: String
        let measure: String
        let verdict: String
        let sentence: String
        let scale: String
        let test: String
        @Nullable var p: Double?
        @Nullable var adjustedP: Double?
        @Nullable var smallestP: Double?
        @Nullable var effect: Double?
        @Nullable var interval: JudgeJSON.Interval?
        @Nullable var chance: Double?
        @Nullable var chanceInterval: JudgeJSON.Interval?
        let pairs: Int
        let pairsUsed: Int
        let differences: [Double]

        init(_ pair: ReportedPair, target: ReportTarget) {
            let result = pair.result
            (first, second, measure) = (pair.first, pair.second, pair.name(target: target))
            (verdict, sentence) = (pair.verdictName, Claims.sentence(of: pair, target))
            scale = result.measure.scale == .ratio ? "ratio" : "difference"
            test = pair.testName
            (pairs, pairsUsed, differences) = (result.pairCount, result.usedCount, result.differences)
            (p, adjustedP, smallestP, effect) = (result.p, result.adjustedP, result.smallestP, result.effect)
            interval = result.interval.map(JudgeJSON.Interval.init)
            chance = result.chance?.estimate
            chanceInterval = result.chance.map { JudgeJSON.Interval($0.interval) }
        }
    }
}
