import ArgumentParser
import Experiments
import TextFormats

/// The settings of a run, as text: they are read elsewhere, so that every mistake gets the same kind of sentence.
///
/// What is said of a setting stands in its ``RunSetting``; here it is only declared as an option, because the parser takes
/// none but declared properties.
struct RunOptions: ParsableArguments {
    @OptionGroup(title: "Training") private var training: Training
    @OptionGroup(title: "Data") private var content: Content
    @OptionGroup private var former: FormerNames

    /// The settings that were given, without hyperparameters and seeds.
    var fields: [RunSetting: String] {
        [
            GivenSetting.fields(of: training), GivenSetting.fields(of: content), content.flags,
            GivenSetting.fields(of: former),
        ]
        .reduce(into: [:]) { $0.merge($1) { present, _ in present } }
    }

    /// The hyperparameters as typed, `momentum=0.9`.
    var assignments: [String] { training.assignments }

    private struct Training: ParsableArguments {
        @Option(.recipe) var recipe: GivenSetting?
        @Option(.model) var model: GivenSetting?
        @Option(.optimizer) var optimizer: GivenSetting?
        @Option(.lr) var lr: GivenSetting?
        @Option(.batchSize) var batchSize: GivenSetting?
        @Option(.steps) var steps: GivenSetting?
        @Option(.epochs) var epochs: GivenSetting?
        @Option(
            name: .customLong("set"), parsing: .singleValue,
            help: ArgumentHelp(
                """
                A hyperparameter, with a name and a range from gradbook optimizers; b.lr=0.01 holds for one parameter alone; \
                repeat for more. (default: PyTorch's)
                """, valueName: "name=value"))
        var assignments: [String] = []
        @Option(.schedule) var schedule: GivenSetting?
        @Option(.clip) var clip: GivenSetting?
        @Option(.stopWhen) var stopWhen: GivenSetting?
        @Option(.loss) var loss: GivenSetting?
        @Option(.dtype) var dtype: GivenSetting?
        @Option(.gradients) var gradients: GivenSetting?
        @Option(.sampling) var sampling: GivenSetting?
        @Option(.initialization) var initialization: GivenSetting?
    }

    private struct Content: ParsableArguments {
        @Option(.data) var data: GivenSetting?
        @Option(.x) var x: GivenSetting?
        @Option(.y) var y: GivenSetting?
        @Option(.scale) var scale: GivenSetting?
        @Option(.delimiter) var delimiter: GivenSetting?
        @Option(.decimal) var decimal: GivenSetting?
        @Option(.encoding) var encoding: GivenSetting?
        @Flag(.noHeader) var hasNoHeader
        @Option(.skipLines) var skipLines: GivenSetting?
        @Option(.skipRows) var skipRows: GivenSetting?
        @Flag(.skipMissing) var skipsMissing
        @Option(.samples) var samples: GivenSetting?
        @Option(.noise) var noise: GivenSetting?
        @Option(.dataSeed) var dataSeed: GivenSetting?
        @Option(.rng) var rng: GivenSetting?

        /// The flags that were given, as texts.
        var flags: [RunSetting: String] {
            [(RunSetting.noHeader, hasNoHeader), (.skipMissing, skipsMissing)].reduce(into: [:]) { texts, flag in
                if flag.1 { texts[flag.0] = "true" }
            }
        }
    }
}

/// Options under the names that they had before, for one release more.
private struct FormerNames: ParsableArguments {
    @Option(former: .stopWhen) var target: GivenSetting?
    @Option(former: .rng) var stream: GivenSetting?
}

/// The text that an option was given, with the setting that it is for.
struct GivenSetting: Sendable {
    let setting: RunSetting
    let text: String

    /// What was given to the options of a group.
    static func fields(of options: some ParsableArguments) -> [RunSetting: String] {
        let given = Mirror(reflecting: options).children.compactMap {
            ($0.value as? Option<GivenSetting?>)?.wrappedValue
        }
        return Dictionary(given.map { ($0.setting, $0.text) }) { $1 }
    }
}

extension Option where Value == GivenSetting? {
    /// The option of a run's setting.
    init(_ setting: RunSetting) {
        self.init(
            name: .customLong(setting.name), parsing: setting.parsing, help: setting.help,
            completion: setting.completion, transform: { GivenSetting(setting: setting, text: $0) })
    }
}

extension Flag where Value == Bool {
    /// The flag of a run's setting.
    fileprivate init(_ setting: RunSetting) {
        self.init(wrappedValue: false, name: .customLong(setting.name), help: setting.help)
    }
}

extension Option where Value == GivenSetting? {
    /// The option of a run's setting under its former name, which no help shows.
    fileprivate init(former setting: RunSetting) {
        self.init(
            name: .customLong(setting.storedName), parsing: setting.parsing, help: ArgumentHelp(visibility: .hidden),
            transform: { GivenSetting(setting: setting, text: $0) })
    }
}

extension RunSetting {
    fileprivate var help: ArgumentHelp {
        let standard = standard.map { " (default: \($0))" } ?? ""
        return ArgumentHelp("\(explanation.spelled)\(standard)", valueName: valueName)
    }

    fileprivate var parsing: SingleValueParsingStrategy {
        if case .number = form { .unconditional } else { .next }
    }

    fileprivate var completion: CompletionKind {
        switch form {
        case .word(let words): .list(words)
        case .file(let extensions): .file(extensions: extensions)
        case .number, .text, .flag: .default
        }
    }
}

/// What a person says of a new run, which changes no number.
struct NamingOptions: ParsableArguments {
    @Option(help: "A name for the new run, which nothing else has yet.")
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
        for tag in tags { try ExperimentRunner.checkTag(tag) }
    }
}
