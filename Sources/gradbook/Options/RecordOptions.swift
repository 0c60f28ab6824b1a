import ArgumentParser
import Experiments
import Foundation
import Recording
import TextFormats
import Tracking

/// What a person says of a run that is going to be recorded.
struct RecordOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The experiment it belongs to.", valueName: "name"))
    var experiment: String?
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("A setting of the run; repeat for more.", valueName: "name=value"))
    var settings: [String] = []
    @OptionGroup var naming: NamingOptions
    @OptionGroup var database: DatabaseOptions

    /// Whether nothing is said of the run.
    var isEmpty: Bool { experiment == nil && settings.isEmpty && naming.isEmpty }

    func validate() throws {
        for text in settings where text.firstIndex(of: "=").map({ $0 == text.startIndex }) ?? true {
            throw ValidationError("--set: '\(text)' is not a name and a value; write for example --set lr=0.1")
        }
    }

    func check() throws {
        try naming.check()
        if let experiment { try ExperimentRunner.checkName(experiment) }
    }

    func newRun(command: [String]) throws -> NewRecordedRun {
        var configuration = RecordedConfiguration(command: command)
        let members = settings.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return JSONValue.Member(name: String(parts[0]), value: Self.value(String(parts[1])))
        }
        for (index, member) in members.enumerated() {
            guard !members[..<index].contains(where: { $0.name == member.name }) else {
                throw ValidationError("--set: '\(member.name)' is given twice; give it one value")
            }
            guard member.name == "seed", let seed = configuration.seed, member.value != .number("\(seed)") else {
                continue
            }
            throw ValidationError(
                "--set: '\(settings[index])' contradicts the command, whose seed is \(seed); leave one of them out")
        }
        guard configuration.set(members) else {
            throw ValidationError("--set: the settings are larger than \(RecordedConfiguration.largestSize) bytes")
        }
        var bytes = SystemRandomNumberGenerator()
        let identity = (0..<16).map { _ in UInt8.random(in: 0...255, using: &bytes) }
        var run = NewRecordedRun(identity: Hexadecimal.text(identity), configuration: configuration)
        run.name = naming.name
        run.experiment = experiment
        run.tags = naming.tags
        run.note = naming.notes
        return run
    }

    /// A number or a word of JSON where it is one, else a text.
    private static func value(_ text: String) -> JSONValue {
        if ["true", "false", "null"].contains(text) { return .word(text) }
        if Int64(text) != nil, text.first != "+" { return .number(text) }
        if let number = Double(decimal: text), number.isFinite { return .number(NumberText.json(number)) }
        return .string(text)
    }
}
