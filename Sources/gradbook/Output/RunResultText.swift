import Experiments
import Inspection
import Learning
import TextFormats
import Theory
import Tracking

/// The end of one run, for a person or for a program.
struct RunResultText: ResultPage {
    private let runID: Int64
    private let state: String
    private let steps: Int
    private let divergedStep: Int?
    private let stateReason: String?
    private let stopReason: String?
    private let finalLoss: Double
    private let final: Parameters
    /// Nil where training saw the data's own units, or the model's curve has none to give.
    private let finalOriginalUnits: Parameters?

    /// In the model's order; nil where the run never got one.
    fileprivate struct Parameters: Encodable {
        let values: [(name: String, value: Double?)]

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in values { try container.encode(value, forKey: Name(stringValue: name)) }
        }

        private struct Name: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(stringValue: String) {
                self.stringValue = stringValue
            }

            init?(intValue: Int) {
                nil
            }
        }
    }

    private enum CodingKeys: String, CodingKey {
        case state, steps, final
        case runID = "run_id"
        case divergedStep = "diverged_step"
        case stateReason = "state_reason"
        case stopReason = "stop_reason"
        case finalLoss = "final_loss"
        case finalOriginalUnits = "final_original_units"
    }

    /// Takes the style for the digits of its numbers, which hold in every format.
    init(_ result: ExperimentRunner.RecordedRun, scaling: Scaling, _ style: ListingStyle) {
        let outcome = result.outcome
        runID = result.id
        state = outcome.state.rawValue
        steps = outcome.stepsDone
        divergedStep = outcome.divergedStep
        stateReason = outcome.stateReason
        stopReason = outcome.stopReason
        finalLoss = style.rounded(outcome.finalLoss)
        let found = Dictionary(outcome.parameters.map { ($0.name, $0.final) }) { first, _ in first }
        let names = result.stepSchema.parameters
        final = Parameters(values: names.map { ($0, found[$0].map(style.rounded)) })
        let (units, values) = (scaling.units, names.map { found[$0] ?? .nan })
        finalOriginalUnits =
            units.areScaled
            ? PowerFeatures(model: result.stepSchema.model).map { features in
                let original = units.original(values, of: features)
                return Parameters(values: zip(names, original).map { ($0, found[$0] == nil ? nil : style.rounded($1)) })
            }
            : nil
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(runID, forKey: .runID)
        try container.encode(state, forKey: .state)
        try container.encode(steps, forKey: .steps)
        try container.encodeIfPresent(divergedStep, forKey: .divergedStep)
        try container.encodeIfPresent(stateReason, forKey: .stateReason)
        try container.encodeIfPresent(stopReason, forKey: .stopReason)
        try container.encode(finalLoss, forKey: .finalLoss)
        try container.encode(final, forKey: .final)
        try container.encodeIfPresent(finalOriginalUnits, forKey: .finalOriginalUnits)
    }

    var row: [(column: String, value: SQLValue)] {
        [
            ("run_id", .integer(runID)), ("state", .text(state)), ("steps", .integer(Int64(steps))),
            ("diverged_step", .optional(divergedStep)), ("state_reason", .optional(stateReason)),
            ("stop_reason", .optional(stopReason)), ("final_loss", .real(finalLoss)),
        ] + final.values.map { ($0.name, .optional($0.value)) }
            + final.values.enumerated().map { index, parameter in
                ("\(parameter.name)_in_original_units", .optional(finalOriginalUnits?.values[index].value))
            }
    }

    func text(_ style: ListingStyle) -> String {
        lines(style).joined(separator: "\n")
    }

    private func lines(_ style: ListingStyle) -> [String] {
        var lines = ["run \(runID): \(style.state(state)) after \(steps.counted("step"))"]
        if let divergedStep, let stateReason { lines.append("first bad step \(divergedStep): \(stateReason.visible)") }
        if let stopReason { lines.append("stopped at step \(steps - 1): \(stopReason.visible)") }
        lines.append("final loss  \(Self.text(finalLoss, style))")
        lines += Self.lines(final, style)
        if let finalOriginalUnits { lines += ["in the data's own units:"] + Self.lines(finalOriginalUnits, style) }
        return lines
    }

    private static func lines(_ parameters: Parameters, _ style: ListingStyle) -> [String] {
        let width = parameters.values.reduce("final loss".count) { max($0, $1.name.count) }
        return parameters.values.map { name, value in
            name.visible + String(repeating: " ", count: width + 2 - name.count) + text(value, style)
        }
    }

    private static func text(_ value: Double?, _ style: ListingStyle) -> String {
        guard let value else { return "none" }
        return value.isFinite ? "\(style.rounded(value))" : NumberText.status(value)
    }
}
