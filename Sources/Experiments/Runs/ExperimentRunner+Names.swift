import TextFormats
import Tracking

extension ExperimentRunner {
    /// Refuses as the name of a new run or sweep what cannot be written down, and what means something else already.
    package static func checkName(_ name: String) throws(ExperimentError) {
        try checkWords(name)
        guard let reason = otherMeaning(of: name) else { return }
        throw ExperimentError(.invalidValue, "'\(name)' is no name: \(reason)", advice: "give another one")
    }

    /// What a word means where runs are named, or as a part of a filter, a command or a path; nil if nothing.
    private static func otherMeaning(of name: String) -> MessageText? {
        switch name.lowercased() {
        case "last": return "it means the last run"
        case "best", "noise": return "best:SWEEP and gradbook judge noise mean something else"
        case "run", "sweep": return "run:NAME and sweep:NAME say what a name belongs to"
        case "not", "and", "or": return "the word joins the conditions of a filter"
        default: break
        }
        if Int64(name) != nil || name.wholeMatch(of: /[0-9]+/) != nil { return "a whole number means a run" }
        if name.wholeMatch(of: /[+-]?[0-9]*\.\.[+-]?[0-9]*/) != nil { return "a range means runs" }
        if name.contains(":") { return "a colon has a meaning, as in best:SWEEP and SWEEP:FILTER" }
        if name.hasPrefix("-") { return "it would be taken for an option" }
        if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
            return "it begins or ends with a blank"
        }
        let settings = RunSetting.listingPaths.keys
        if RunReference.isCertain(name, settings: settings) { return "it would be taken for a filter" }
        if name.split(separator: ",").contains(where: { RunReference.isCertain(String($0), settings: settings) }) {
            return "with the comma it would be taken for a list of runs"
        }
        if name.wholeMatch(of: /run-[0-9]+(-[0-9]+)*(-and-[0-9]+-more)?/) != nil {
            // See ``ReportSubject/folderName``.
            return "the report on a run has a folder of this name"
        }
        return nil
    }

    /// Refuses as a new tag what cannot be written down, and what means a run.
    package static func checkTag(_ tag: String) throws(ExperimentError) {
        try checkWords(tag, as: "tag")
        let reason: MessageText
        switch RunReference(tag) {
        case .id: reason = "a whole number means a run"
        case .range: reason = "a range means runs"
        case .last, .best, .run, .sweep: reason = "it means runs"
        case .other:
            if RunReference.isCertain(tag, settings: RunSetting.listingPaths.keys) {
                reason = "it is a filter"
            } else if tag == "none" {
                reason = "tag=none asks for runs without one"
            } else {
                return
            }
        }
        throw ExperimentError(
            .invalidValue, "'\(tag)' is no tag: \(reason)", advice: "give a word, such as baseline")
    }

    /// Refuses what cannot stand in one line of a listing, in a folder's name and on a command line.
    package static func checkWords(_ words: String, as what: String = "name") throws(ExperimentError) {
        let isBlank = words.allSatisfy(\.isWhitespace)
        guard !isBlank, words.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw ExperimentError(
                .invalidValue,
                "'\(words.debugDescription.dropFirst().dropLast())' is no \(what)",
                advice: "give one with letters and without line breaks")
        }
    }
}
