import TextFormats

extension Recognition {
    /// What would be taken of the line, or why nothing is, in one line for people.
    ///
    ///     keys with values: step 250 of 3300 (step), val_loss 3.28 (5 digits), train_time 468051 ms (6 digits)
    ///     no metrics: it has no step, and no key is named like a metric
    package var explanation: String {
        var parts: [String] = []
        if let step {
            let total = step.total.map { " of \($0)" } ?? ""
            let rule = isOfEpoch ? "; what the epoch prints last counts" : ""
            parts.append("step \(step.value)\(total) (\(step.name.visible)\(rule))")
        }
        parts += values.map(\.explanation)
        parts += settings.map { "\($0.name.visible) = \($0.text.visible)" }
        parts += refused.map { "not \($0.name.visible): \($0.reason)" }
        if let reason { parts.insert(reason, at: 0) }
        return "\(kind.rawValue): \(parts.joined(separator: ", "))"
    }
}

extension RecognizedValue {
    fileprivate var explanation: String {
        guard let precision else { return "\(name.visible) '\(value.shown.visible)' (a text)" }
        let unit = unit.map { " \($0)" } ?? ""
        let digits =
            precision.lastPlace == nil
            ? "" : " (\(precision.significantDigits) digit\(precision.significantDigits == 1 ? "" : "s"))"
        return "\(name.visible) \(value.shown)\(unit)\(digits)"
    }
}
