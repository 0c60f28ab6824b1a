import Foundation
import Statistics
import TextFormats
package import Tracking

/// One arm against others.
package struct JudgedComparison: Sendable {
    package let pairs: [JudgedPair]

    /// Reads of the notebook what the comparison needs.
    ///
    /// What is wrong with the request is one sentence.
    package init(
        _ first: String, _ others: [String], _ request: JudgeRequest, in store: Store,
        isAlive: @escaping (ProcessIdentity) -> Bool?
    ) throws {
        let finder = request.finder(in: store, isAlive: isAlive)
        let references = try ([first] + others).map {
            try ArmReference($0, selection: request.selection, in: finder)
        }
        try request.tuningSeeds.mustExist(in: references)
        for other in references.dropFirst() where !references[0].isBest && !other.isBest {
            try Self.mustBeApart((first, references[0].runs), (other.text, other.runs))
        }
        var reader = MeasureReader(store, interrupted: try finder.interrupted())
        let quantity = try RunQuantity(request.quantity, of: references.flatMap(\.runs), isAbsolute: false, &reader)
        let goal = try request.mustHaveGoal(quantity)
        let arms = try references.map { reference in
            try reader.arm(reference, seeds: request.tuningSeeds) { runs, reader in
                let place = request.quantity.place
                try place.mustBeWithin(runs)
                let measured = try reader.measure(runs, quantity, at: place, cut: nil, goal: goal)
                return (measured, Self.measure(measured, quantity, goal, request))
            }
        }
        for (index, one) in arms.enumerated() {
            for other in arms[(index + 1)...] { try Self.mustBeApart((one.name, one.runs), (other.name, other.runs)) }
        }
        let measured = try arms.dropFirst().map { other in
            try Self.pair(arms[0], other, quantity, goal, request, &reader, in: store)
        }
        pairs = JudgedPair.completed(measured, planRatio: request.planRatio)
    }

    /// Whether the first arm is better than all others; undecided where that is open, and worse where it is not.
    package var outcome: JudgedPair.Outcome {
        let outcomes = pairs.map(\.outcome)
        if outcomes.allSatisfy({ $0 == .better }) { return .better }
        return outcomes.first { $0 == .worse } ?? outcomes.first { $0 == .tied }
            ?? outcomes.first { $0 != .better } ?? .undecided
    }

    // MARK: - Internals

    private static func pair(
        _ first: JudgedArm, _ second: JudgedArm, _ quantity: RunQuantity, _ goal: Measure.Goal, _ request: JudgeRequest,
        _ reader: inout MeasureReader, in store: Store
    ) throws -> JudgedPair {
        try request.quantity.place.mustBeWithin(first.runs + second.runs)
        let place = request.quantity.place.orFinal(of: first.runs + second.runs)
        let budgets = Set((first.runs + second.runs).map(\.plan.steps))
        let isCut = place == .final && budgets.count > 1
        let cut = isCut ? budgets.min() : nil
        let floors = try quantity.condition.map { try FloorDistance($0.target, of: [first, second], &reader) }
        let a = try reader.measure(first.runs, quantity, at: place, cut: cut, goal: goal)
        let b = try reader.measure(second.runs, quantity, at: place, cut: cut, goal: goal)
        let name = quantity.name(at: place, cut: cut)
        let obstacle =
            try obstacle(first, second, quantity, cut: cut, at: place, &reader) ?? floors?.obstacle(reached: [a, b])
        return try JudgedPair(
            (first, a), (second, b), measure(a + b, quantity, goal, request),
            name: (name, [quantity.explanation, floors?.warning, evaluations(first, second)]), cut: cut,
            obstacle: obstacle, request: request, looks: store.verdicts.all)
    }

    /// Why two arms are not compared, as the end of a sentence; nil where they are.
    private static func obstacle(
        _ first: JudgedArm, _ second: JudgedArm, _ quantity: RunQuantity, cut: Int?, at place: JudgedQuantity.Place,
        _ reader: inout MeasureReader
    ) throws -> String? {
        for (what, value) in [("models", \Run.plan.model), ("losses", \.plan.loss), ("number types", \.plan.dtype)] {
            let (a, b) = (Set(first.runs.map { $0[keyPath: value] }), Set(second.runs.map { $0[keyPath: value] }))
            guard a == b else {
                return
                    "their \(what) differ (\(a.sorted().joined(separator: ", ")) and \(b.sorted().joined(separator: ", ")))"
            }
        }
        let data = Dictionary(first.runs.map { ($0.plan.seed, $0.plan.datasetID) }) { one, _ in one }
        let common = second.runs.compactMap { run in data[run.plan.seed].map { ($0, run.plan.datasetID) } }
        let haveSameData =
            common.isEmpty
            ? Set(first.runs.map(\.plan.datasetID)) == Set(second.runs.map(\.plan.datasetID))
            : common.allSatisfy { $0 == $1 }
        guard haveSameData else { return "their data differ" }
        let isInside = cut != nil || place != .final
        if quantity == .loss, isInside,
            try !(first.runs + second.runs).allSatisfy({ try reader.problem(of: $0).optimum != nil })
        {
            return "the loss over all data is not known before the end of a run"
        }
        if case .time = quantity {
            let isSeveral = (first.runs + second.runs).map(\.needsSeveralEvaluations)
            if isSeveral.contains(true), isSeveral.contains(false) {
                return
                    "a step of one takes several evaluations of the loss, and at which step they were spent is not recorded"
            }
        }
        return nil
    }

    /// That a step of one arm costs more, where both would otherwise be taken to have the same budget.
    private static func evaluations(_ first: JudgedArm, _ second: JudgedArm) -> String? {
        guard (first.runs + second.runs).contains(where: \.needsSeveralEvaluations) else { return nil }
        let mean = { (arm: JudgedArm) in
            let counts = arm.runs.map { Double($0.evaluations ?? $0.stepsDone) }
            return NumberText.rounded(counts.reduce(0, +) / Double(max(1, counts.count)), digits: 3)
        }
        let (a, b) = (mean(first), mean(second))
        return a == b
            ? nil
            : "The steps do not cost the same: a run of \(first.name) computed the loss \(a) times on average, one of "
                + "\(second.name) \(b) times."
    }

    static func measure(
        _ runs: [JudgedRun], _ quantity: RunQuantity, _ goal: Measure.Goal, _ request: JudgeRequest
    ) -> Measure {
        if let minimum = request.minimumEffect {
            return Measure(goal: goal, scale: .difference, minimumEffect: minimum)
        }
        let values = runs.compactMap { run -> Double? in
            if case .value(let value) = run.outcome { value } else { nil }
        }
        return Measure(goal: goal, scale: Measure.scale(for: values))
    }

    private static func mustBeApart(_ first: (name: String, runs: [Run]), _ second: (name: String, runs: [Run])) throws
    {
        let ids = Set(first.runs.map(\.id))
        guard let common = second.runs.first(where: { ids.contains($0.id) }) else { return }
        throw ReportError(
            .badArm, "run \(common.id) is in both '\(first.name)' and '\(second.name)'",
            advice: "name arms that have no run in common")
    }
}

extension JudgedQuantity.Place {
    /// The step at which all of these runs end is their end: one question has one name.
    func orFinal(of runs: [Run]) -> Self {
        guard case .step(let step) = self, runs.allSatisfy({ $0.plan.steps == step }) else { return self }
        return .final
    }

    /// Refuses a step that no run was given.
    func mustBeWithin(_ runs: [Run]) throws {
        guard case .step(let step) = self, let budget = runs.map(\.plan.steps).min(), step > budget else { return }
        throw ReportError(
            .badMeasure, "step \(step) is beyond the end of a run of \(budget.counted("step"))",
            advice: "give one of at most \(budget)")
    }
}

extension Run {
    /// Whether its optimizer computes the loss more than once a step.
    var needsSeveralEvaluations: Bool { evaluations.map { $0 > stepsDone } ?? false }
}

/// What a verdict is about, as JSON that two notebooks write alike.
enum QuestionText {
    /// The same whichever arm is named first; each is given by the ids of its configurations.
    static func pair(_ first: Set<String>, _ second: Set<String>, _ measure: String) -> String {
        let arms = [first, second].map { list($0) }.sorted()
        return #"{"arms":[\#(arms.joined(separator: ","))],"measure":\#(string(measure))}"#
    }

    static func string(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    static func list(_ texts: some Sequence<String>) -> String {
        "[" + Set(texts).sorted().map(string).joined(separator: ",") + "]"
    }
}
