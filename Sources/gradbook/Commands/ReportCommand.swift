import ArgumentParser
import Foundation
import Reports
import Tracking

/// `gradbook report`: compare what was recorded.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Compare the runs of a sweep, or any runs, as Markdown and CSV.",
        discussion: """
            Writes report.md, data/runs.csv, data/curves.csv and data/summary.csv.

            Examples:
              gradbook report first
              gradbook report 1 2 7 --out comparison --every 10
            """)

    @Argument(help: "A sweep's name, or the numbers of runs.")
    var subjects: [String]
    @Option(help: "The folder to write into; else reports/NAME.")
    var out: String?
    @Option(help: "Write every so manieth step of each curve; the last one is always written.")
    var every: Int = 1
    @Flag(help: "Leave out times, so that the same runs recorded anew give the same bytes.")
    var reproducible = false
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard every >= 1 else {
            throw ValidationError("--every: '\(every)' is not a number of steps; give 1 or more")
        }
        _ = try subject
    }

    func run() throws {
        let subject = try subject
        let store = try Store.open(at: database.file, access: .readOnly, now: Clock.timestamp)
        let folder = URL(filePath: out ?? "reports/\(subject.folderName)", directoryHint: .isDirectory)
        try Report(
            of: subject, in: store, options: ReportOptions(stride: every, isReproducible: reproducible),
            isAlive: { $0.isAlive }
        ).write(to: folder)
        try Terminal.print(folder.appending(path: "report.md").relativePath)
    }

    private var subject: ReportSubject {
        get throws {
            guard let subject = ReportSubject(words: subjects) else {
                throw ValidationError("a report is on one sweep, or on runs by their numbers, such as 1 2 7")
            }
            return subject
        }
    }
}
