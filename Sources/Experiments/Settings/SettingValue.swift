import Learning
import TextFormats

/// The text of one setting, to be read as what the setting is.
///
/// Errors say what is wrong with the text; whoever knows the setting puts it in front.
struct SettingValue {
    let text: String

    /// One of an enumeration's words.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(ExperimentError) -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue)
            throw ExperimentError(
                .invalidValue, "there is no '\(text)'\(NearestName.hint(for: text, among: names))",
                advice: "give one of \(names.joined(separator: ", "))")
        }
        return choice
    }

    /// What `read` makes of the text, which other texts than an enumeration's words may mean, too.
    func word<Choice: RawRepresentable & CaseIterable>(
        _ read: (String) -> Choice?, of type: Choice.Type
    ) throws(ExperimentError) -> Choice where Choice.RawValue == String {
        if let choice = read(text) { return choice }
        return try choice(type)
    }

    /// A flag as text.
    func flag() throws(ExperimentError) -> Bool {
        switch text {
        case "true": return true
        case "false": return false
        default: throw ExperimentError(.invalidValue, "'\(text)' is neither true nor false")
        }
    }

    /// How many lines are passed over.
    func skipCount() throws(ExperimentError) -> Int {
        guard let count = Int(text), (0...RunConfiguration.largestStepCount).contains(count) else {
            throw ExperimentError(
                .invalidValue, "'\(text)' is not a number of lines", advice: "give a whole number such as 1")
        }
        return count
    }

    func number(example: String) throws(ExperimentError) -> Double {
        guard let number = Double(decimal: text), number.isFinite else {
            throw ExperimentError(
                .invalidValue, "'\(text)' is not a finite number", advice: "give a value such as \(example)")
        }
        return number
    }

    /// A number above 0: a run that never moves is a typo.
    ///
    /// A single parameter's may be 0, as in PyTorch.
    func learningRate() throws(ExperimentError) -> Double {
        guard let number = Double(decimal: text), number.isFinite else {
            throw ExperimentError(
                .invalidValue, "'\(text)' is not a number",
                advice: "give a value such as 0.01, in a sweep also a list 0.01,0.1 or a range log:1e-3:1:9")
        }
        guard number > 0 else {
            throw ExperimentError(.invalidValue, "'\(text)' is not above 0", advice: "give a value such as 0.01")
        }
        return number
    }

    func integer() throws(ExperimentError) -> Int64 {
        guard let number = Int64(text) else {
            throw ExperimentError(.invalidValue, "'\(text)' is not a whole number", advice: "give one such as 7")
        }
        return number
    }

    /// A whole number of at least 1.
    func count(example: Int) throws(ExperimentError) -> Int {
        guard let number = Int(text), number > 0 else {
            throw ExperimentError(
                .invalidValue, "'\(text)' is not a whole number of at least 1", advice: "give one such as \(example)")
        }
        guard number <= RunConfiguration.largestStepCount else {
            throw ExperimentError(
                .invalidValue, "\(text) is more than this tool counts to",
                advice: "give at most \(RunConfiguration.largestStepCount)")
        }
        return number
    }

    func sampleCount() throws(ExperimentError) -> Int {
        let count = try count(example: 100)
        let limit = RunConfiguration.largestSampleCount
        guard count <= limit else {
            throw ExperimentError(.invalidValue, "\(count) samples are too many", advice: "give at most \(limit)")
        }
        return count
    }

    func batchSize() throws(ExperimentError) -> BatchSize {
        if text == "full" { return .full }
        guard let size = Int(text), size > 0 else {
            throw ExperimentError(
                .invalidValue, "'\(text)' is not a number of samples",
                advice: "give a whole number of at least 1, or full")
        }
        return .samples(size)
    }
}
