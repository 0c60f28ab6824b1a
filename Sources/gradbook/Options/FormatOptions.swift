import ArgumentParser
import Inspection

/// In which format a command prints unless it is told: one for people, or one for programs.
protocol StandardFormat {
    static var format: ListingFormat { get }
}

/// The standard of commands that answer a person.
enum TableByDefault: StandardFormat {
    static let format = ListingFormat.table
}

/// The standard of commands that feed a program.
enum CSVByDefault: StandardFormat {
    static let format = ListingFormat.csv
}

/// How one answer is printed.
struct FormatOptions<Standard: StandardFormat>: ParsableArguments {
    @Option(help: "How it is printed; jsonl is an object per line, tsv has tabs, and \\t, \\n, \\r and \\\\ in cells.")
    private var format = Choice(standard: Standard.format)
    @OptionGroup private var short: JSONOption
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Round real numbers to so many significant digits, in every format: 1 to 17. (default: exact)",
            valueName: "digits"))
    private var precision: Int?
    @Option(help: "Whether words of a state have colors: auto is on a terminal, unless NO_COLOR is set.")
    private var color = ColorMode.auto

    /// When a terminal is sent colors.
    enum ColorMode: String, CaseIterable, ExpressibleByArgument {
        case auto, always, never

        var isOn: Bool {
            switch self {
            case .auto: Terminal.hasColors
            case .always: true
            case .never: false
            }
        }
    }

    var value: ListingFormat { short.json ? .json : format.value }

    /// How rows are written, with the names of columns above them or without.
    func style(hasHeader: Bool) -> ListingStyle {
        ListingStyle(
            value, width: Terminal.outputWidth, tableWidth: Terminal.tableWidth, digits: precision,
            hasHeader: hasHeader, isColored: color.isOn)
    }

    func validate() throws {
        try short.check(format)
        if let precision, !(1...17).contains(precision) {
            throw ValidationError("--precision: '\(precision)' is not a number of digits; give one from 1 to 17")
        }
    }
}

/// `--json`, the short word for `--format json`.
struct JSONOption: ParsableArguments {
    @Flag(help: "Short for --format json.")
    var json = false

    /// Refuses another format beside it.
    func check(_ format: Choice<some RawRepresentable<String> & CaseIterable & Equatable & Sendable>) throws {
        guard json, !format.isStandard, format.value.rawValue != "json" else { return }
        throw ValidationError("--json and --format \(format.value.rawValue) are two formats; give one")
    }
}

/// One of several words, and whether a person chose it or nobody did.
struct Choice<Value: RawRepresentable<String> & CaseIterable & Equatable & Sendable>: ExpressibleByArgument, Sendable {
    let value: Value
    let isStandard: Bool

    init(standard value: Value) {
        self.value = value
        isStandard = true
    }

    init?(argument: String) {
        guard let value = Value(rawValue: argument) else { return nil }
        self.value = value
        isStandard = false
    }

    var defaultValueDescription: String { value.rawValue }

    static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }
}

/// How rows are printed.
struct RowOptions<Standard: StandardFormat>: ParsableArguments {
    @OptionGroup private var formats: FormatOptions<Standard>
    @Flag(name: .customLong("no-header"), help: "Leave out the names of columns; not for JSON and Markdown.")
    private var noHeader = false

    var format: ListingFormat { formats.value }
    var style: ListingStyle { formats.style(hasHeader: !noHeader) }

    func validate() throws {
        guard noHeader, ![.table, .csv, .tsv].contains(format) else { return }
        throw ValidationError("--no-header: \(format.rawValue) is none without names; give it with table, csv or tsv")
    }
}

/// How rows are printed by a command that answers a person.
typealias ListingOptions = RowOptions<TableByDefault>

/// How the one result of a training is printed; what stands above its columns says what they are.
typealias ResultOptions = FormatOptions<TableByDefault>

extension ResultOptions {
    var style: ListingStyle { style(hasHeader: true) }
}
