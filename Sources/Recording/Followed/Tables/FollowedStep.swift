import TextFormats

/// Steps of logs in which any name may stand for them.
enum FollowedStep {
    /// Where the most exact name of a step is.
    static func best(_ names: [String]) -> Int? {
        var best: (index: Int, rank: Int)?
        for (index, name) in names.enumerated() {
            // W&B's is no worse than another.
            guard let rank = MetricWords.stepRank(name == "_step" ? "step" : name) else { continue }
            if best.map({ rank < $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.index
    }

    /// Whether values of this name are seconds since 1970, as TensorBoard and W&B export them.
    static func isTime(_ name: String) -> Bool {
        ["wall_time", "wall time", "_timestamp"].contains(name.lowercased())
    }

    /// The step that a value is.
    static func step(_ value: LoggedValue) -> Int64? {
        switch value {
        case .integer(let step): step >= 0 ? step : nil
        case .real(let step): Int64(exactly: step).flatMap { $0 >= 0 ? $0 : nil }
        case .text: nil
        }
    }

    static func refusal(_ value: LoggedValue) -> String {
        let text =
            switch value {
            case .integer(let value): "\(value)"
            case .real(let value): NumberText.json(value)
            case .text(let text): text.prefix(40).description.visible
            }
        return "the step is \(text); it must be a whole number from 0 to \(Int64.max)"
    }
}
