package import Learning
package import TextFormats

/// One setting of a run, and all that the program knows of it: how it is typed, read, explained, swept and changed.
///
/// The table of all settings is in `RunSetting+All.swift`. A new one needs an entry there and an option in the program's
/// `RunOptions`.
package final class RunSetting: Sendable {
    /// What is typed as its value.
    package enum Form: Sendable {
        /// One of these words.
        case word([String])
        /// Text that may begin with a minus sign.
        case number
        case text
        /// Nothing: that it is given says it, which as a text is `true`.
        case flag
        /// The path of a file whose name ends so.
        case file([String])
    }

    /// What a sweep takes as its values.
    enum SweepForm: Sendable {
        /// A list with commas, or a range.
        case list
        /// A list in which a value may itself hold commas, as a schedule or a model does.
        case schedules
        /// One value: commas belong to a start, a condition, a path and a column's name.
        case single
    }

    /// What a fork may do to it.
    enum ForkChange: Sendable {
        /// It is the parent's.
        case fixed
        case changeable
        /// It can change, or be taken away with `none`, as the closure does.
        case removable(@Sendable (inout RunSpec) -> Void)
    }

    /// What follows `--` on the command line.
    package let name: String
    /// What it was called before, and still is in stored search spaces; nil where it always had its name.
    package let formerName: String?
    package let form: Form
    /// What stands for the value in a help text.
    package let valueName: String
    package let explanation: MessageText
    /// In words, what holds where it is not given; nil where nothing does.
    package let standard: String?
    /// Where the configuration's JSON has it, such as `optimizer.lr`; nil where it only has what follows from it.
    package let path: String?
    let sweepForm: SweepForm
    let forkChange: ForkChange
    /// The refusals of a configuration that are about this setting.
    let refusals: [LearningError.Code]
    private let read: @Sendable (SettingValue, inout RunSpec) throws -> Void

    init(
        _ name: String, formerly formerName: String? = nil, _ form: Form, value valueName: String? = nil,
        help explanation: MessageText,
        standard: String? = nil, path: String? = nil, sweep sweepForm: SweepForm = .list,
        fork forkChange: ForkChange = .fixed, refusals: [LearningError.Code] = [],
        read: @escaping @Sendable (SettingValue, inout RunSpec) throws -> Void
    ) {
        self.name = name
        self.formerName = formerName
        self.form = form
        self.valueName = valueName ?? name
        self.explanation = explanation
        self.standard = standard
        self.path = path
        self.sweepForm = sweepForm
        self.forkChange = forkChange
        self.refusals = refusals
        self.read = read
    }

    /// The setting of this name, present or former; nil if there is none.
    package static func named(_ name: String) -> RunSetting? { byName[name] }

    private static let byName = Dictionary(
        uniqueKeysWithValues: all.flatMap { setting in setting.names.map { ($0, setting) } })

    /// Whether its numbers are whole ones.
    var isWhole: Bool { Self.whole.contains(self) }

    private static let whole: Set<RunSetting> = [
        .batchSize, .steps, .epochs, .skipLines, .skipRows, .samples, .dataSeed, .seed,
    ]

    /// Names of settings, by what other programs call them: nothing is read under these, but errors say what it is called
    /// here.
    package static let usualSpellings = [
        "learning-rate": "lr", "learningrate": "lr", "rate": "lr", "batch": "batch-size", "batchsize": "batch-size",
        "bs": "batch-size", "optim": "optimizer", "iterations": "steps", "iters": "steps", "max-steps": "steps",
        "scheduler": "schedule", "lr-scheduler": "schedule", "criterion": "loss",
    ]

    /// Reads `text` into a run.
    /// - Throws: what is wrong with the text, about this setting.
    package func set(_ text: String, in run: inout RunSpec) throws(ExperimentError) {
        do {
            try read(SettingValue(text: text), &run)
        } catch let error as ExperimentError {
            throw error.about(subject)
        } catch let error as LearningError {
            throw ExperimentError(error, about: subject)
        } catch {
            throw ExperimentError(.invalidValue, about: subject, "\(error)", underlying: error)
        }
    }

    /// Reads `text` as a fork's change into the run that it changes; `none` takes away what a run need not have.
    func change(to text: String, in run: inout RunSpec) throws(ExperimentError) {
        if case .removable(let remove) = forkChange, text == "none" {
            remove(&run)
        } else {
            try set(text, in: &run)
        }
    }

    /// Whether a fork may have another value than its parent.
    package var canChangeInFork: Bool {
        if case .fixed = forkChange { false } else { true }
    }

    /// What `text` stands for in a sweep.
    func values(of text: String) throws(ExperimentError) -> AxisValues {
        switch sweepForm {
        case .single: .list([text])
        case .schedules: .list(ValueList.schedules(of: text))
        case .list: try ValueList.choices(of: text, about: subject)
        }
    }

    /// Whether `text` is a sweep's list or range, or has a condition.
    func holdsSeveral(_ text: String) -> Bool {
        switch sweepForm {
        case .single: false
        case .schedules: ValueList.schedules(of: text).count > 1 || ConditionalValues.isConditional(text)
        case .list: text.contains(",") || ValueList.isRange(text) || ConditionalValues.isConditional(text)
        }
    }

    /// Where the configuration's JSON has its word: that of a schedule stands beside its arguments.
    private var listingPath: String? { self == .schedule ? "schedule.name" : path }

    /// Its present name, and its former one.
    var names: [String] { [name, formerName].compactMap { $0 } }
    /// Where configurations have each setting, by its name as it is typed and as configurations write it.
    package static let listingPaths = Dictionary(
        all.flatMap { setting in
            setting.listingPath.map { path in (setting.names + [setting.nameInChanges]).map { ($0, path) } } ?? []
        }
    ) { first, _ in first }

    /// The words that settings can be, by their places in the configuration, of what is not in it by their names.
    ///
    /// One that takes arguments can also be a word with these behind a colon.
    package static let listingWords = Dictionary(
        all.compactMap { setting -> (String, [String])? in
            guard case .word(let words) = setting.form else { return nil }
            if case .single = setting.sweepForm { return nil }
            return (setting.listingPath ?? setting.name, words)
        }
    ) { first, _ in first }

    /// How errors refer to it.
    var subject: MessageText { "\(option: name)" }
    /// Its name in stored search spaces, which never changes.
    package var storedName: String { formerName ?? name }
    /// Its name where words are written as in the configuration, such as `batch_size`.
    var nameInChanges: String { name.replacing("-", with: "_") }
}

extension RunSetting: Hashable {
    package static func == (first: RunSetting, second: RunSetting) -> Bool { first === second }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension RunSetting: CustomStringConvertible {
    package var description: String { name }
}
