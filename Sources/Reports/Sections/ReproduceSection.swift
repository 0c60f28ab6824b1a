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
                What was typed to have these runs, in its order. A run is a pure function of its configuration: the same commands \
                give the same bits, with any number of workers. \(code: "gradbook verify") trains stored runs again and compares \
                every bit.\(words: readsFiles ? Self.files : "")
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

    private static let files = """
         A command that reads a file, or standard input, needs the same text again; the samples and all settings are in the \
        notebook, so that runs are verified, resumed and forked without it.
        """

    private var readsFiles: Bool {
        let settings = spelling("config")
        return data.problems.contains { $0.dataset.kind == "csv" }
            || data.commands.contains { $0.contains(" \(settings) ") || $0.contains(" \(settings)=") }
    }

    private var curves: Prose {
        let all: Prose = "\(code: "gradbook report \(spelling("every")) 1") writes every step of every run"
        guard let stride = options.stride else {
            let which = data.groups.count > LongTable.longest ? "the configurations shown" : "every run"
            return """
                \(code: "data/curves.csv") has about \(CurvesFile.shownRows) evenly spaced steps of \(words: which) and the last \
                one; everything above was computed from all steps. \(all).
                """
        }
        return stride == 1
            ? "\(code: "data/curves.csv") has every step."
            : """
            \(code: "data/curves.csv") has one step in \(stride) and the last one of each run; everything above was computed \
            from all steps. \(all).
            """
    }

    private var commands: [String] {
        let command = ReportCommandLine(options: options, spelling: spelling)
        let verification = data.sweepReference.map { [command.verify(sweep: $0, sample: 20)] } ?? []
        return data.commands + [command.report(on: subject, sweep: data.sweepReference)] + verification
    }
}

/// What to type to have a report again, so that it works as it is: quoted, and with a name that looks like an option
/// behind two dashes.
struct ReportCommandLine {
    let options: ReportOptions
    let spelling: OptionSpelling

    /// `sweep` is how the sweep is named on a command line, if it is on one.
    func report(on subject: ReportSubject, sweep: String?) -> String {
        var flags: [String] = []
        let add = { (name: String, value: String) in flags += [spelling(name), value] }
        if let selection = options.selection { add("select", selection) }
        if let target = options.target { add("success", target.text) }
        if let baseline = options.baseline { add("baseline", baseline) }
        if let seeds = options.tuningSeeds.list {
            let list = seeds.map(String.init).joined(separator: ",")
            add("tuning-seeds", seeds.isEmpty ? "none" : list)
        }
        if options.isSpreadsheetSafe { flags.append(spelling("csv-safe")) }
        if options.formats != ReportOptions.Format.standard {
            let names = ReportOptions.Format.allCases.filter(options.formats.contains).map(\.rawValue)
            add("format", names.joined(separator: ","))
        }
        if options.isBrief { flags.append(spelling("brief")) }
        if options.plots != .svg { add("plots", options.plots.rawValue) }
        if let stride = options.stride { add("every", String(stride)) }
        if options.isReproducible { flags.append(spelling("reproducible")) }
        let names: [String] =
            switch subject {
            case .sweep(let name): [sweep ?? name]
            case .runs(let ids): ids.map(String.init)
            case .all: []
            }
        return line("report", names, flags)
    }

    /// What trains some runs of a sweep again and compares every bit.
    func verify(sweep: String, sample: Int) -> String {
        line("verify", [sweep], [spelling("sample"), String(sample)])
    }

    private func line(_ command: String, _ names: [String], _ flags: [String]) -> String {
        let flags = flags + (options.database.map { [spelling("db"), $0] } ?? [])
        let looksLikeOption = names.contains { $0.hasPrefix("-") }
        let words = looksLikeOption ? flags + [Self.end] + names : names + flags
        return (["gradbook", command] + words).map(\.quotedForShell).joined(separator: " ")
    }

    /// Behind it everything is a name.
    private static let end = "--"
}
