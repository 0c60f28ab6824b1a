import ArgumentParser
import Experiments
import Foundation
import Inspection
import Learning
import TextFormats
import Tracking

/// `gradbook columns`: what filters, sort orders and `--columns` may name.
struct ColumnsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columns",
        abstract: "List what filters, --sort and --columns may name.",
        discussion: """
            Columns of runs, then the settings of this notebook's configurations, the metrics that programs logged, and numbers of \
            the steps. Without a notebook \
            it lists what every notebook has. With words only what has one of them in its name or its meaning.

            Examples:
              gradbook columns
              gradbook columns time
              gradbook columns --format csv
            """)

    @Argument(help: ArgumentHelp("Only what has one of these words.", valueName: "word"))
    var words: [String] = []
    @OptionGroup var listing: ListingOptions
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let isThere = FileManager.default.fileExists(atPath: database.file)
        let all =
            isThere || database.path != nil ? try database.openForReading().runs.columns() : ColumnDescription.always
        if !isThere {
            Terminal.printError(
                "gradbook: there is no notebook '\(database.file)', so its settings and parameters are not listed")
        }
        let wanted = all.filter { column in
            let texts = [column.name, column.kind, Self.meaning(of: column)] + column.synonyms
            return words.isEmpty
                || words.contains { word in texts.contains { $0.localizedCaseInsensitiveContains(word) } }
        }
        guard !wanted.isEmpty else {
            throw ValidationError("no column has '\(words.joined(separator: "' or '"))' in its name or meaning")
        }
        let style = listing.style
        guard style.format != .table else { return try Terminal.print(Self.text(wanted, width: style.tableWidth)) }
        var writer = ListingWriter(
            columns: ["group", "name", "synonyms", "kind", "meaning", "example"], style: style
        ) { try Terminal.write($0) }
        for column in wanted {
            try writer.append([
                .text(column.group.rawValue), .text(column.name), .text(column.synonyms.joined(separator: " ")),
                .text(column.kind), .text(Self.meaning(of: column)), .text(column.example),
            ])
        }
        try writer.close()
    }

    // MARK: - Internals

    private static func text(_ columns: [ColumnDescription], width: Int) -> String {
        ColumnDescription.Group.allCases.compactMap { group in
            let own = columns.filter { $0.group == group }
            guard !own.isEmpty else { return nil }
            let entries = own.map { column in
                let synonyms = column.synonyms.isEmpty ? "" : ", also \(column.synonyms.joined(separator: ", "))"
                let meaning = meaning(of: column)
                let words = "\(column.kind)\(meaning.isEmpty ? "" : ": \(meaning)")\(synonyms); \(column.example)"
                return (shortened(column.name), words.visible)
            }
            return ([heading(of: group)] + WrappedText.entries(entries, width: width))
                .joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    /// A key may be as long as a program likes; other formats have all of it.
    private static func shortened(_ name: String) -> String {
        let name = name.visible
        return name.count > 40 ? "\(name.prefix(39))…" : name
    }

    private static func heading(of group: ColumnDescription.Group) -> String {
        switch group {
        case .column: "columns of runs"
        case .setting: "settings of this notebook's configurations"
        case .metric: "metrics that programs logged"
        case .steps: "numbers of the steps"
        }
    }

    /// Of a setting what its flag or its optimizer says of it.
    private static func meaning(of column: ColumnDescription) -> String {
        guard column.meaning.isEmpty, let path = column.settingPath else { return column.meaning }
        let name = String(path.split(separator: ".").last ?? "")
        let rules =
            OptimizerRegistry.all.flatMap { $0.hyperparameters } + ScheduleRegistry.all.flatMap { $0.hyperparameters }
        if path.contains("hyperparameters"), let setting = rules.first(where: { $0.name == name }) {
            return setting.meaning
        }
        let flag = RunSetting.all.first { $0.path == path }
        return flag.map { "what \(MessageText("\(option: $0.name)").spelled) says" } ?? "at \(path)"
    }
}
