import TextFormats

@testable import Recording

extension Recognition {
    /// What is taken, with everything that is kept of it, on one line; nil where nothing is.
    var taken: String? {
        if values.isEmpty, settings.isEmpty, step == nil { return nil }
        var parts = [kind.rawValue]
        if let step { parts.append("step \(step.value)\(step.total.map { " of \($0)" } ?? "") by \(step.name)") }
        parts += values.map { value in
            let digits =
                value.precision.map { "(\($0.significantDigits), \($0.lastPlace.map { "\($0)" } ?? "-"))" } ?? ""
            return "\(value.name)=\(value.value.exactText)\(digits)\(value.unit.map { " \($0)" } ?? "")"
        }
        parts += settings.map { "\($0.name): \($0.text)" }
        return parts.joined(separator: " | ")
    }
}

extension LoggedValue {
    /// Tells an integer from a double.
    var exactText: String {
        switch self {
        case .real(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .text(let text): "'\(text)'"
        }
    }
}

/// What one line alone says.
func recognition(of text: String) -> Recognition {
    var recognizer = OutputRecognizer()
    return recognizer.recognize(OutputLine(text))
}
