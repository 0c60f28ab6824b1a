import ArgumentParser
import Experiments
import Foundation
import Learning
import Reports
import TextFormats
import Tracking

extension ReportOptions.Plots: ExpressibleByArgument {}

/// `gradbook report`: compare what was recorded.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Compare the runs of a sweep, or any runs, as Markdown and CSV.",
        discussion: """
            Answers what a sweep was made for: which settings are better, and is the difference more than chance? \
            Writes report.md with pictures, every number in it as CSV under data, one page report.html that needs no \
            other file, and provenance.json. Seeds are replicates, what diverged is counted, and the verdict claims no \
            more than the tests give. \(RunReference.explanationOfSeveral)

            Examples:
              gradbook report chapter
              gradbook report chapter --success excess=1e-6 --baseline sgd --out versus-sgd
              gradbook report 1 2 7 --out three --every 10
              gradbook report 'sweep=chapter lr<0.1' --out low
              gradbook report chapter --brief --format markdown --out readme
              gradbook report chapter --out now && gradbook report --check now
            """)

    @Argument(
        help: ArgumentHelp("A sweep's name, or runs.", valueName: "sweep-or-run"),
        completion: Completions.runsAndSweeps)
    var subjects: [String] = []
    @Option(help: ArgumentHelp("Only runs that a filter finds, as in gradbook runs.", valueName: "filter"))
    var select: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder to write into. (default: reports/NAME)", valueName: "folder"),
        completion: .directory)
    var out: String?
    @Option(
        help: ArgumentHelp(
            """
            Write one of so many steps of each curve, and always the last: 1 or more. (default: what a picture can show, of \
            the configurations shown)
            """, valueName: "steps"))
    var every: Int?
    @Option(
        help: ArgumentHelp(
            """
            What counts as a success: excess=1e-6, excess=1% (of the smallest loss) or loss=1e-3, above 0. (default: the \
            sweep's own, else excess=1%)
            """, valueName: "condition"))
    var success: String?
    @Option(
        help: ArgumentHelp(
            "Compare the others with this optimizer only. (default: each with each)", valueName: "name"))
    var baseline: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Choose each optimizer's configuration on these, a range 1..5 or a list 1,2,5, and report it on the others; none: on \
            the same seeds, which is optimistic. (default: the first quarter of 9 seeds or more)
            """, valueName: "seeds"))
    var tuningSeeds: String?
    @Option(
        help: """
            What to write: markdown, csv, html, latex, json, text, or several with commas. (default: markdown,csv,html)
            """)
    var format: String?
    @Flag(help: "Write only what a README needs: the verdict, one table and one picture.")
    var brief = false
    @Flag(help: "Write into a folder that holds another report or other files, too.")
    var force = false
    @Option(help: "How report.md shows pictures: svg (files), mermaid (one diagram in the text) or none.")
    var plots: ReportOptions.Plots = .svg
    @Flag(help: "Put an apostrophe before text in CSV files that a spreadsheet would take for a formula.")
    var csvSafe = false
    @Option(
        help: ArgumentHelp(
            "Say whether the notebook still gives the report in this folder, byte for byte; write nothing.",
            valueName: "folder"), completion: .directory)
    var check: String?
    @Option(
        help: ArgumentHelp(
            "Say which claims changed since the report in this folder; write nothing.", valueName: "folder"),
        completion: .directory)
    var since: String?
    @OptionGroup var dryRun: DryRunOption
    @Flag(help: "Leave out times, so that the same runs recorded again give the same bytes.")
    var reproducible = false
    @Option(name: .customLong("target"), help: ArgumentHelp(visibility: .hidden))
    var formerSuccess: String?
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        if let every, every < 1 {
            throw ValidationError("--every: '\(every)' is not a number of steps; give 1 or more")
        }
        guard check == nil || (subjects.isEmpty && since == nil && select == nil) else {
            throw ValidationError("--check takes a folder only: what the report is on stands in its provenance.json")
        }
        guard !dryRun.isOn || (check == nil && since == nil) else {
            throw ValidationError("--dry-run: --check and --since write nothing anyway; leave it out")
        }
        guard out != "-" else {
            throw ValidationError("--out: a report is a folder of files and cannot be printed; name a folder")
        }
        guard check != nil || !subjects.isEmpty || select != nil else {
            throw ValidationError("name what to report: a sweep, runs, a filter in quotes, or --select conditions")
        }
        _ = try formats
    }

    func run() throws {
        if let check { return try self.check(folder(check)) }
        let store = try database.openForReading()
        let (subject, selection) = try subject(in: store)
        let report = Report(
            of: subject, in: store, options: try options(selection), spelling: MessageText.optionSpelling,
            isAlive: { $0.isAlive })
        if let since {
            let changes = try ReportChanges(of: report, since: folder(since))
            for line in changes.lines { try Terminal.print(sentences: line) }
            if changes.lines.isEmpty { Terminal.printNote("\(folder(since).relativePath): nothing has changed since") }
            return
        }
        let folder = folder(out ?? "reports/\(subject.folderName)")
        if dryRun.isOn {
            let files = try report.files(in: folder, force: force)
            let bytes = SweepPlanText.bytes(Double(files.bytes))
            try Terminal.print(
                sentences: "would write \(files.names.count.counted("file")) with \(bytes) into \(folder.relativePath):"
            )
            for name in files.names { try Terminal.print("  \(name)") }
            return
        }
        let size = try report.write(to: folder, force: force)
        if size > Self.largeSize {
            Terminal.printNote(
                "\(folder.relativePath): \(size / 1_000_000) MB; --every with a larger number, or without one, keeps curves.csv "
                    + "small")
        }
        let names: [(ReportOptions.Format, String)] = [
            (.markdown, "report.md"), (.html, "report.html"), (.latex, "report.tex"), (.text, "report.txt"),
            (.json, "report.json"),
        ]
        let formats = try formats
        let first = names.first { formats.contains($0.0) }?.1 ?? "data"
        try Terminal.print(folder.appending(path: first).relativePath)
    }

    /// From so many bytes on a report is too large for most repositories.
    private static let largeSize = 50_000_000

    private func check(_ folder: URL) throws {
        let check = try ReportCheck(
            of: folder, in: database.openForReading(), defaults: defaults, spelling: MessageText.optionSpelling,
            isAlive: { $0.isAlive })
        for difference in check.differences { try Terminal.print(sentences: difference) }
        guard check.differences.isEmpty else { throw ExitCode.failure }
        Terminal.printNote("\(folder.relativePath): the notebook gives the same bytes")
    }

    private func folder(_ path: String) -> URL {
        URL(filePath: path, directoryHint: .isDirectory)
    }

    private var formats: Set<ReportOptions.Format> {
        get throws {
            guard let format else { return ReportOptions.Format.standard }
            return Set(
                try format.split(separator: ",", omittingEmptySubsequences: false).map { name in
                    guard let format = ReportOptions.Format(rawValue: String(name)) else {
                        let names = ReportOptions.Format.allCases.map(\.rawValue)
                        throw ValidationError("--format: '\(name)' is not one of \(names.joined(separator: ", "))")
                    }
                    return format
                })
        }
    }

    private func options(_ selection: String?) throws -> ReportOptions {
        ReportOptions(
            stride: every, isReproducible: reproducible,
            target: try (success ?? formerSuccess).map { try ReportTarget(text: $0) },
            baseline: baseline, tuningSeeds: try TuningSeeds(argument: tuningSeeds), selection: selection,
            isSpreadsheetSafe: csvSafe,
            formats: try formats, plots: plots, isBrief: brief, database: database.path, defaults: try defaults)
    }

    /// As they stand in a configuration.
    private var defaults: DefaultSettings {
        get throws {
            let settings = try OptimizerRegistry.all.map { rule in
                let configuration = try OptimizerRegistry.configuration(
                    named: rule.name, learningRate: nil, settings: [:])
                return (rule.name, String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self))
            }
            return DefaultSettings(
                optimizers: Dictionary(uniqueKeysWithValues: settings), settingPaths: RunSetting.listingPaths,
                settingWords: RunSetting.listingWords)
        }
    }

    /// What the report is on, and the filter that leaves no others of it.
    private func subject(in store: Store) throws -> (ReportSubject, selection: String?) {
        let given = select.map { [$0] } ?? []
        guard !subjects.isEmpty else { return (.all, select) }
        let (subject, conditions) = ReportSubject.of(try store.finder.meaning(of: subjects))
        return (subject, RunFilter.text(ofAll: conditions + given))
    }
}
