import ArgumentParser
import Experiments
import Foundation
import Reports
import Tracking

/// `gradbook report`: compare what was recorded.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Compare the runs of a sweep, or any runs, as Markdown and CSV.",
        discussion: """
            Writes report.md, and every number in it as CSV under data.

            Examples:
              gradbook report first
              gradbook report first --target excess=1e-6 --baseline sgd
              gradbook report 1 2 7 --out comparison --every 10
            """)

    @Argument(help: "A sweep's name, or the numbers of runs.")
    var subjects: [String]
    @Option(help: "The folder to write into; else reports/NAME.")
    var out: String?
    @Option(help: "Write every so manieth step of each curve; the last one is always written.")
    var every: Int = 1
    @Option(help: "What counts as a success: excess=1e-6, excess=1% (of the smallest loss) or loss=1e-3.")
    var target: String?
    @Option(help: "Compare all others with this optimizer only; else each with each.")
    var baseline: String?
    @Option(
        parsing: .unconditional,
        help: "Choose each optimizer's configuration on these seeds, 1..5, and report it on the others.")
    var tuningSeeds: String?
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
            of: subject, in: store, options: try options,
            isAlive: { $0.isAlive }
        ).write(to: folder)
        try Terminal.print(folder.appending(path: "report.md").relativePath)
    }

    private var options: ReportOptions {
        get throws {
            ReportOptions(
                stride: every, isReproducible: reproducible, target: try target.map { try ReportTarget(text: $0) },
                baseline: baseline, tuningSeeds: Set(try seeds))
        }
    }

    private var seeds: [Int64] {
        get throws {
            guard let tuningSeeds else { return [] }
            guard let seeds = try? SeedList.seeds(of: tuningSeeds) else {
                throw ValidationError("--tuning-seeds: '\(tuningSeeds)' is not a list of seeds; write 1..5 or 1,2,5")
            }
            return seeds
        }
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
