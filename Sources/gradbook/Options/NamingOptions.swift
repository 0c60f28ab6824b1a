import ArgumentParser
import Experiments

/// What a person says of a new run, which changes no number.
struct NamingOptions: ParsableArguments {
    @Option(help: "A name for the new run; no whole number.")
    var name: String?
    @Option(name: .customLong("tag"), parsing: .singleValue, help: "A tag for the new run; repeat for more.")
    var tags: [String] = []
    @Option(help: ArgumentHelp("A note to keep with the new run.", valueName: "text"))
    var notes: String?

    /// Whether nothing is said.
    var isEmpty: Bool { name == nil && tags.isEmpty && notes == nil }

    /// Refuses names and tags that cannot be kept.
    func check() throws(ExperimentError) {
        if let name { try ExperimentRunner.checkName(name) }
        for tag in tags { try ExperimentRunner.checkWords(tag) }
    }
}
