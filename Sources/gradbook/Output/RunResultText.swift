import Experiments
import Inspection
import Learning
import TextFormats
import Tracking

/// The end of one run, for a person or for a program.
struct RunResultText: ResultPage {
    private let runID: Int64
    private let state: String
    private let steps: Int
    private let firstBadStep: Int?
    private let reason: String?
    private let stopReason: String?
    private let finalLoss: Double?
    private let final: Parameters
    private let finalOriginalUnits: Parameters?

    /// Null where a number is not finite, because JSON has no word for it.
    private struct Parameters: Encodable {
        let w: Double?
        let b: Double?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(w, forKey: .w)
            try container.encode(b, forKey: .b)
        }

        enum CodingKeys: String, CodingKey {
            case w, b
        }
    }

    private enum CodingKeys: String, CodingKey {
        case state, steps, reason, final
        case runID = "run_id"
        case firstBadStep = "first_bad_step"
        case stopReason = "stop_reason"
        case finalLoss = "final_loss"
        case finalOriginalUnits = "final_original_units"
    }

    init(_ result: ExperimentRunner.RecordedRun, scaling: Scaling) {
        let outcome = result.outcome
        runID = result.id
        state = outcome.state.rawValue
        steps = outcome.stepsDone
        firstBadStep = outcome.firstBadStep
        reason = outcome.reason
        stopReason = outcome.stopReason
        finalLoss = outcome.finalLoss.finite
        let values = Dictionary(uniqueKeysWithValues: outcome.parameters.map { ($0.name, $0.final) })
        let (w, b) = (values["w"] ?? .nan, values["b"] ?? .nan)
        final = Parameters(w: w.finite, b: b.finite)
        let original = scaling.originalUnits(w: w, b: b)
        finalOriginalUnits =
            scaling == .none ? nil : Parameters(w: original.w.finite, b: original.b.finite)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(runID, forKey: .runID)
        try container.encode(state, forKey: .state)
        try container.encode(steps, forKey: .steps)
        try container.encodeIfPresent(firstBadStep, forKey: .firstBadStep)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(stopReason, forKey: .stopReason)
        try container.encode(finalLoss, forKey: .finalLoss)
        try container.encode(final, forKey: .final)
        try container.encodeIfPresent(finalOriginalUnits, forKey: .finalOriginalUnits)
    }

    var row: [(column: String, value: QueryValue)] {
        [
            ("run_id", .integer(runID)), ("state", .text(state)), ("steps", .integer(Int64(steps))),
            ("first_bad_step", .optional(firstBadStep)), ("reason", .optional(reason)),
            ("stop_reason", .optional(stopReason)), ("final_loss", .optional(finalLoss)), ("w", .optional(final.w)),
            ("b", .optional(final.b)), ("w_in_original_units", .optional(finalOriginalUnits?.w)),
            ("b_in_original_units", .optional(finalOriginalUnits?.b)),
        ]
    }

    func text(width: Int) -> String {
        lines.joined(separator: "\n")
    }

    private var lines: [String] {
        var lines = ["run \(runID): \(state) after \(steps.counted("step"))"]
        if let firstBadStep, let reason { lines.append("first bad step \(firstBadStep): \(reason)") }
        if let stopReason { lines.append("stopped at step \(steps - 1): \(stopReason)") }
        lines.append("final loss  \(finalLoss.described)")
        lines.append("w           \(final.w.described)")
        lines.append("b           \(final.b.described)")
        if let finalOriginalUnits {
            lines.append("in the data's own units:")
            lines.append("w           \(finalOriginalUnits.w.described)")
            lines.append("b           \(finalOriginalUnits.b.described)")
        }
        return lines
    }
}

extension Double {
    fileprivate var finite: Double? { isFinite ? self : nil }
}

extension Double? {
    fileprivate var described: String { map { "\($0)" } ?? "not finite" }
}
