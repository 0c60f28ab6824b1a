import TextFormats
import Tracking

/// How the numbers can be had again, and how they can mislead.
struct ReproduceSection {
    let data: ReportData
    let queries: ReportQueries
    let subject: ReportSubject
    let options: ReportOptions
    let spelling: OptionSpelling

    var blocks: [Document.Block] {
        [
            .heading(level: 2, "Reproduce"),
            .code(commands.joined(separator: "\n"), language: "sh"),
            .paragraph(
                """
                A run is a pure function of its configuration: the same commands give the same bits, with any number of workers. \
                \(code: "gradbook verify") trains stored runs again and compares every bit.
                """),
            .paragraph(
                """
                \(code: "data/runs.csv") has one row per planned run, \(code: "data/summary.csv") every statistic in full \
                precision, and \(code: "provenance.json") the SHA-256 of every file: \(code: "gradbook report \(spelling("check"))") with this \
                folder makes them all again and names the first cell that differs. \(curves) SQLite's shell rounds what it prints; a \
                number to its last bit is
                """),
            .code(queries.exactLosses, language: "sql"),
            .paragraph(
                """
                How this report can be wrong: it compares steps, not seconds; the leaderboard is ordered on the same seeds that it \
                is shown for; its seeds vary starts and batches, not the data; and configurations that were not tried are not in it.
                """),
        ]
    }

    private var curves: Prose {
        options.stride == 1
            ? "\(code: "data/curves.csv") has every step."
            : """
            \(code: "data/curves.csv") has one step in \(options.stride) and the last one of each run; everything above was computed \
            from all steps.
            """
    }

    private var command: ShellCommand { ShellCommand(spelling: spelling) }

    private var verification: [String] {
        data.sweep.map { [command.verify(sweep: $0.plan.name, sample: 20)] } ?? []
    }

    private var commands: [String] {
        var known: Set<String> = [""]
        let made = data.sweep.map { [$0.command] } ?? data.runs.map(\.run.command)
        return made.filter { known.insert($0).inserted } + [command.report(on: subject, options)] + verification
    }
}

/// What to type to have a report again.
private struct ShellCommand {
    let spelling: OptionSpelling

    func report(on subject: ReportSubject, _ options: ReportOptions) -> String {
        var words = ["gradbook", "report"]
        switch subject {
        case .sweep(let name): words.append(name)
        case .runs(let ids): words += ids.map(String.init)
        case .all: break
        }
        if let selection = options.selection { words += [spelling("select"), selection] }
        if let target = options.target { words += [spelling("success"), target.text] }
        if let baseline = options.baseline { words += [spelling("baseline"), baseline] }
        if let seeds = options.tuningSeeds {
            let list = seeds.sorted().map(String.init).joined(separator: ",")
            words += [spelling("tuning-seeds"), seeds.isEmpty ? "none" : list]
        }
        if options.isSpreadsheetSafe { words.append(spelling("csv-safe")) }
        if options.plots != .svg { words += [spelling("plots"), options.plots.rawValue] }
        if options.stride != 1 { words += [spelling("every"), String(options.stride)] }
        return words.map(Self.quoted).joined(separator: " ")
    }

    /// What trains some runs of a sweep again and compares every bit.
    func verify(sweep: String, sample: Int) -> String {
        ["gradbook", "verify", sweep, spelling("sample"), String(sample)].map(Self.quoted).joined(separator: " ")
    }

    /// As one word of a POSIX shell.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic && $0.isASCII || ("0"..."9").contains($0) || "-_.=%,".unicodeScalars.contains($0)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }
}
