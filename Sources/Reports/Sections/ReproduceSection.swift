import Tracking

/// How the numbers can be had again, and how they can mislead.
struct ReproduceSection {
    let data: ReportData
    let options: ReportOptions

    var text: String {
        """
        ## Reproduce

        \(MarkdownText.fenced(commands.joined(separator: "\n"), language: "sh"))
        A run is a pure function of its configuration: the same commands give the same bits, with any number of workers.

        `data/runs.csv` has one row per planned run, `data/summary.csv` every statistic of the leaderboard in full \
        precision. \(curves) SQLite's shell rounds what it prints; a number to its last bit is

        \(MarkdownText.fenced(ReportQueries(data).exactLosses, language: "sql"))
        How this report can be wrong: it compares final losses after the planned numbers of steps, not at equal cost; rows \
        were ordered on the same seeds that they are shown for; and configurations that were not tried are not in it.

        """
    }

    private var curves: String {
        options.stride == 1
            ? "`data/curves.csv` has every step."
            : "`data/curves.csv` has one step in \(options.stride) and the last one of each run; everything above was computed "
                + "from all steps."
    }

    private var commands: [String] {
        if let sweep = data.sweep {
            let made = sweep.command.isEmpty ? [] : [sweep.command]
            return made + ["gradbook report \(Self.quoted(sweep.plan.name))"]
        }
        var known: Set<String> = [""]
        let made = data.runs.map(\.run.command).filter { known.insert($0).inserted }
        return made + ["gradbook report \(data.runs.map { String($0.run.id) }.joined(separator: " "))"]
    }

    /// As one word of a POSIX shell.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic && $0.isASCII || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }
}
