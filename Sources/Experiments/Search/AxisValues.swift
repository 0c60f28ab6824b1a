import TextFormats

/// What a setting may be in a sweep: some values, or a range that they are drawn from.
package enum AxisValues: Sendable, Equatable {
    case list([String])
    case sampled(Distribution)

    /// The value at a place of the unit interval, 0 <= `place` < 1.
    func value(at place: Double) -> String {
        switch self {
        case .list(let values): values[min(Int(place * Double(values.count)), values.count - 1)]
        case .sampled(let distribution): distribution.value(at: place)
        }
    }
}

extension AxisValues: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .sampled(try Distribution(text, about: "the search space"))
        } else {
            self = .list(try container.decode([String].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .list(let values): try container.encode(values)
        case .sampled(let distribution): try container.encode(distribution.description)
        }
    }
}
