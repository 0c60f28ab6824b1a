import Statistics
import Testing

@testable import Reports

/// What a comparison says, read as a sceptical reader would.
struct VerdictTextTests {
    private static let values = [1, 1.2, 0.9, 1.1, 1.05, 0.95, 1.3, 0.8]
    private static let ratio = Measure(scale: .ratio)

    /// Seeds from `first` on; nil is a failure.
    private static func arm(_ values: [Double?], from first: Int64 = 1) -> Statistics.Arm {
        Statistics.Arm(
            values.enumerated().map {
                .init(seed: first + Int64($0), outcome: $1.map { .value($0) } ?? .failure)
            })
    }

    private static func text(
        _ first: Statistics.Arm, _ second: Statistics.Arm, _ measure: Measure = ratio,
        _ rules: PairComparison.Rules = .init()
    ) -> VerdictText {
        VerdictText("a", "b", PairComparison(first, second, measure, rules), measure: "final excess")
    }

    @Test
    func `whoever is better stands first, with the ratio that way round`() {
        let (low, high) = (Self.arm(Self.values.map { $0 / 2 }), Self.arm(Self.values.reversed()))

        let evidence =
            "in final excess: on 8 common seeds, ratio of geometric means 0.50 [0.44, 0.56]; exact sign-flip test, "
            + "p = 0.0078."
        #expect(Self.text(low, high).sentence == "a is better than b \(evidence)")
        #expect(Self.text(high, low).sentence == "b is better than a \(evidence)")
    }

    @Test
    func `a larger value is better where that is the goal, and differences are called so`() {
        let measure = Measure(goal: .max, scale: .difference, minimumEffect: 0.1)

        let sentence = Self.text(Self.arm(Self.values.map { $0 + 3 }), Self.arm(Self.values), measure).sentence

        #expect(sentence.hasPrefix("a is better than b in final excess: on 8 common seeds, mean difference 3.00000 ["))
    }

    @Test
    func `few seeds say what they could give at best, and how many would do`() {
        let text = Self.text(Self.arm(Array(Self.values.prefix(3))), Self.arm(Self.values.reversed()))

        #expect(
            text.sentence
                == "a against b in final excess: undecided, p can at best be 0.25 with so few: on 3 common seeds, ratio of "
                + "geometric means 1.030; exact sign-flip test, p = 1.0; left out: 5 runs whose seed only one arm has a "
                + "result of.")
        #expect(text.explanations().contains("The fewest seeds of both arms that can give p <= 0.05 are 6."))
    }

    @Test
    func `failures change the test, and are counted`() {
        let failing: [Double?] = Array(repeating: nil, count: 7) + [3]

        #expect(
            Self.text(Self.arm(Self.values), Self.arm(failing)).sentence
                == "a is better than b in final excess: on 8 common seeds, b alone fails in most; exact sign test, p = 0.0078; "
                + "failed: 0 of 8 runs of a, 7 of 8 of b.")
        #expect(
            Self.text(Self.arm([nil, nil]), Self.arm([nil, nil])).sentence
                == "a against b in final excess: undecided, in every pair both fail or both are equal: on 2 common seeds; "
                + "failed: 2 of 2 runs of a, 2 of 2 of b.")
    }

    @Test
    func `arms without a common seed are compared as samples`() {
        let text = Self.text(Self.arm(Self.values), Self.arm(Self.values.map { $0 * 3 }, from: 100))

        #expect(
            text.sentence
                == "a is better than b in final excess: over 8 and 8 runs without a common seed, median of all ratios 0.33 "
                + "[0.28, 0.40]; exact rank-sum test, p = 0.00016.")
        #expect(text.explanations().contains { $0.hasPrefix("P(a is better) = 1.00 [0.68, 1.00]") })
    }

    @Test
    func `a direction that was fixed before has an interval of one side`() {
        let text = Self.text(
            Self.arm(Self.values), Self.arm(Self.values.map { $0 * 3 }, from: 100), Self.ratio, .init(isOneSided: true))

        #expect(
            text.sentence.contains("median of all ratios 0.333 (at most 0.389); exact rank-sum test, one-sided, its"))
        #expect(text.explanations()[0].hasPrefix("The one-sided interval is at 95 %"))
    }

    @Test
    func `equal arms are tied, and an arm without results is compared with nothing`() {
        #expect(
            Self.text(Self.arm(Self.values), Self.arm(Self.values.map { $0 * 1.001 })).sentence
                .hasPrefix("a and b are tied in final excess: on 8 common seeds, ratio of geometric means 0.999001 ["))
        #expect(
            Self.text(Self.arm(Self.values), Self.arm([])).sentence
                == "a against b in final excess: nothing to compare, no run of b has a result.")
    }

    @Test
    func `what was chosen on the same seeds is never called better`() {
        let sentence = Self.text(
            Self.arm(Self.values), Self.arm(Self.values.map { $0 * 3 }), Self.ratio, .init(isOptimistic: true)
        ).sentence

        #expect(
            sentence.hasPrefix(
                "a against b in final excess: undecided, the difference is beyond chance, but a configuration was chosen on "
                    + "the same seeds (optimistic): on 8 common seeds,"))
    }

    @Test
    func `where the correction overrules a pair both p are told`() {
        let first = Self.arm(Self.values)
        let others = [1.3, 1.02, 1.01].map { factor in
            Self.arm(zip(Self.values, Self.values.reversed()).map { $0 * factor * (0.9 + 0.2 * $1) })
        }
        let pairs = PairComparison.corrected(others.map { PairComparison(first, $0, Self.ratio) })

        let sentences = pairs.map { VerdictText("a", "b", $0, measure: "final excess").sentence }

        #expect(sentences.allSatisfy { $0.contains("alone p = ") && $0.contains(", among 3 pairs ") }, "\(sentences)")
    }

    @Test
    func `a plan names the effect that it is for`() {
        let text = Self.text(Self.arm(Self.values), Self.arm(Self.values.reversed()))
        let plan = SeedPlan(differences: text.pair.differences, effect: 0.8, Self.ratio, alpha: 0.05)

        #expect(
            text.explanations(plan: plan).last
                == "If the true ratio is 0.8, about \(plan.seeds ?? 0) seeds decide it in at least 8 of 10 cases.")
    }
}
