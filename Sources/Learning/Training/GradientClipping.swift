import Autograd
import TextFormats

/// What gradients are cut to before an update.
///
/// The recorded gradients are the uncut ones.
package enum GradientClipping: Sendable, Hashable {
    /// All gradients together are scaled down to at most this Euclidean norm, as `clip_grad_norm_`:
    /// g ← g min(1, norm / (‖g‖ + 1e-6)).
    case norm(Double)
    /// Every gradient is kept within ± this value, as `clip_grad_value_`.
    case value(Double)

    /// Reads `norm=1` or `value=0.5`.
    package init(text: String) throws(LearningError) {
        let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (sides.first, sides.last.flatMap { Double(decimal: $0) }) {
        case ("norm", let bound?): self = .norm(bound)
        case ("value", let bound?): self = .value(bound)
        default:
            throw LearningError(
                .invalidClipping, "'\(text)' says not what to cut gradients to", advice: "write norm=1 or value=0.5")
        }
        try validate()
    }

    func validate() throws(LearningError) {
        let bound =
            switch self {
            case .norm(let bound), .value(let bound): bound
            }
        guard bound > 0, bound.isFinite else {
            throw LearningError(
                .invalidClipping, "gradients are cut to a number above 0, not \(bound)", advice: "give one such as 1")
        }
    }

    func clipped<Scalar: TensorScalar>(_ gradients: [Scalar]) -> [Scalar] {
        switch self {
        case .norm(let bound):
            // PyTorch's rounding: fused squares, and a number by a tensor is the number times a reciprocal.
            let norm = gradients.reduce(Scalar.zero) { $0.addingProduct($1, $1) }.squareRoot()
            let factor = 1 / (norm + 1e-6) * Scalar(bound)
            return gradients.map { $0 * (factor > 1 ? 1 : factor) }
        case .value(let bound):
            return gradients.map { min(max($0, -Scalar(bound)), Scalar(bound)) }
        }
    }
}

extension GradientClipping: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case norm, value
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        guard container.allKeys.count == 1 else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "neither norm nor value alone"))
        }
        if let norm = try container.decodeIfPresent(Double.self, forKey: .norm) {
            self = .norm(norm)
        } else {
            self = .value(try container.decode(Double.self, forKey: .value))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .norm(let bound): try container.encode(bound, forKey: .norm)
        case .value(let bound): try container.encode(bound, forKey: .value)
        }
    }
}
