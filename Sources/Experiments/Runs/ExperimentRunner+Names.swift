import TextFormats
import Tracking

extension ExperimentRunner {
    /// Refuses as the name of a new run or sweep what cannot be written down, and what means something else already.
    package static func checkName(_ name: String) throws(ExperimentError) {
        try checkWords(name)
        let reason: MessageText? =
            switch RunReference(name) {
            case .last: "it means the last run"
            case .id: "a whole number means a run"
            case .range: "a range means runs"
            default:
                if ["best", "noise"].contains(name) {
                    "best:SWEEP and gradbook judge noise mean something else"
                } else if name.contains(":") {
                    "a colon has a meaning, as in best:SWEEP and SWEEP:FILTER"
                } else if name.hasPrefix("-") {
                    "it would be taken for an option"
                } else {
                    nil
                }
            }
        guard let reason else { return }
        throw ExperimentError(.invalidValue, "'\(name)' is no name: \(reason)", advice: "give another one")
    }

    /// Refuses as a new tag what cannot be written down, and what means a run.
    package static func checkTag(_ tag: String) throws(ExperimentError) {
        try checkWords(tag)
        let reason: MessageText
        switch RunReference(tag) {
        case .id: reason = "a whole number means a run"
        case .range: reason = "a range means runs"
        default: return
        }
        throw ExperimentError(
            .invalidValue, "'\(tag)' is no tag: \(reason)", advice: "give a word, such as baseline")
    }

    /// Refuses what cannot stand in one line of a listing, in a folder's name and on a command line.
    package static func checkWords(_ words: String) throws(ExperimentError) {
        let isBlank = words.allSatisfy(\.isWhitespace)
        guard !isBlank, words.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw ExperimentError(
                .invalidValue,
                "'\(words.debugDescription.dropFirst().dropLast())' is no name",
                advice: "give one with letters and without line breaks")
        }
    }
}
