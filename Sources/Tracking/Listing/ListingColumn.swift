import TextFormats

/// A column of runs as people ask for it, and all that the program knows of it.
///
/// The one declaration of a column: listings, filters, their errors and `gradbook columns` take it from here.
struct ListingColumn: Sendable {
    /// What a filter may compare it with.
    enum Kind: String, Sendable {
        case text, number, time
        /// A number without a fraction.
        case whole
        case flag = "yes/no"
        case tags = "text, several"

        /// What a person reads: for a filter a number is a number.
        var words: String { self == .whole ? Kind.number.rawValue : rawValue }
    }

    let name: String
    let synonyms: [String]
    let kind: Kind
    let meaning: String
    /// A condition with it.
    let example: String
    /// Every value that it can have; nil where any can be.
    ///
    /// Those of settings are the program's, by ``settingPath``.
    let words: [String]?
    /// The place in the configuration of the setting that it shows.
    let settingPath: String?
    /// What may stand in the configuration instead of the number that the column has, such as `full`.
    let configuredWord: String?
    /// SQL: a SELECT of every `value` that is known, where runs are not all that has one.
    let knownValues: String?
    /// Whether other programs' runs never have it: what they call so is theirs.
    let isOfTrainedRuns: Bool
    /// SQL: its value for a row of `runs`; nil for what ``ListingNames`` finds out.
    let sql: String?
    /// SQL: what is shown; see ``ListingExpression/shownSQL``.
    let shownSQL: String?

    init(
        _ name: String, _ synonyms: [String], _ kind: Kind, _ meaning: String, _ example: String,
        words: [String]? = nil, settingPath: String? = nil, configured configuredWord: String? = nil,
        known knownValues: String? = nil, isOfTrainedRuns: Bool = false, sql: String?, shown shownSQL: String? = nil
    ) {
        self.name = name
        self.synonyms = synonyms
        self.kind = kind
        self.meaning = meaning
        self.example = example
        self.words = words
        self.settingPath = settingPath
        self.configuredWord = configuredWord
        self.knownValues = knownValues
        // Both kinds of runs have their seed at one place.
        self.isOfTrainedRuns = isOfTrainedRuns || settingPath != nil && name != "seed"
        self.sql = sql
        self.shownSQL = shownSQL
    }

    var names: [String] { [name] + synonyms }

    var expression: ListingExpression? {
        let kind: ListingExpression.Kind =
            switch kind {
            case .text, .flag: .text
            case .number, .whole: .number
            case .time: .time
            case .tags: .tags
            }
        return sql.map { ListingExpression($0, kind: kind, shown: shownSQL) }
    }

    /// Those of every notebook, and those of the parameters and the losses that this one's models have.
    static func all(_ tables: StepTables) -> [ListingColumn] {
        identity + outcome(tables) + parameters(tables) + settings + data + origin
    }
}

// MARK: - What a program shows of them

/// What a filter, a sort order or a list of columns may name, in words.
package struct ColumnDescription: Sendable, Equatable {
    package enum Group: String, Sendable, CaseIterable {
        case column, setting, metric, steps
    }

    package let group: Group
    package let name: String
    package let synonyms: [String]
    /// `text`, `number`, `time`, `yes/no`, or several of them.
    package let kind: String
    /// In a few words; empty for a setting, of which the notebook has the name only.
    package let meaning: String
    /// A condition with it.
    package let example: String
    /// The place in the configuration of a setting, such as `optimizer.lr`.
    package let settingPath: String?

    /// What can be asked for without any notebook.
    package static let always = columns(StepTables(schemas: [])) + steps(StepTables(schemas: []))

    static func columns(_ tables: StepTables) -> [ColumnDescription] {
        ListingColumn.all(tables).map { column in
            ColumnDescription(
                group: .column, name: column.name, synonyms: column.synonyms, kind: column.kind.words,
                meaning: column.meaning, example: column.example, settingPath: column.settingPath)
        }
    }

    /// What programs logged; of a key that no filter can hold there is none.
    static func metrics(_ tables: MetricTables) -> [ColumnDescription] {
        tables.places.keys.sorted().compactMap { key in
            guard let name = RunFilter.quotedName(key) else { return nil }
            let isHidden = RunFilter.isAmbiguous(key)
            let example =
                switch MetricGoal(key: key) {
                case .min: "<0.5"
                case .max: ">0.5"
                case nil: "!=none"
                }
            return ColumnDescription(
                group: .metric, name: key, synonyms: [], kind: "number", meaning: "the last one that was logged",
                example: (isHidden ? "last(\(name == key ? key : name))" : name) + example, settingPath: nil)
        }
    }

    /// What the rows of the steps are asked for: of one column as an example, then the columns.
    static func steps(_ tables: StepTables) -> [ColumnDescription] {
        let functions = [
            ("min(loss)", "the lowest value of any step; also max, mean, first and last", "min(loss)<0.01"),
            ("min(loss)@step", "the step at which it was; also of max, first and last", "min(loss)@step>100"),
            ("loss@200", "the value at a step", "loss@200<0.01"),
        ].map { name, meaning, example in
            ColumnDescription(
                group: .steps, name: name, synonyms: [], kind: "number", meaning: meaning, example: example,
                settingPath: nil)
        }
        let names = tables.schemas.isEmpty ? ["loss", "learning_rate", "epoch"] : ListingExpression.stepNames(tables)
        return functions
            + names.filter { $0 != "loss" }.map { name in
                ColumnDescription(
                    group: .steps, name: "last(\(name))", synonyms: name == "learning_rate" ? ["last(lr)"] : [],
                    kind: "number", meaning: "the same of \(name)", example: "\(name)@200>0", settingPath: nil)
            }
    }
}

extension RunStore {
    /// Everything that a filter may name in this notebook; settings with a value that some run has.
    package func columns() throws(TrackingError) -> [ColumnDescription] {
        try file.read { database in
            let tables = try StepTables(database)
            let columns = ColumnDescription.columns(tables)
            let known = Set(columns.flatMap { [$0.name] + $0.synonyms })
            // A trained and a recorded run may have one of the same name.
            var labels: Set<String> = []
            let settings = try ConfigurationPath.all(in: database).filter {
                !known.contains($0.label) && labels.insert($0.label).inserted
            }
            return columns
                + settings.map { setting in
                    ColumnDescription(
                        group: .setting, name: setting.label, synonyms: [], kind: setting.kind, meaning: "",
                        example: "\(RunFilter.quotedName(setting.label) ?? setting.label)=\(setting.example)",
                        settingPath: setting.dotted)
                } + ColumnDescription.metrics(tables.metrics) + ColumnDescription.steps(tables)
        }
    }
}
