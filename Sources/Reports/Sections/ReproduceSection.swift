import Tracking

/// How the numbers can be had again.
struct ReproduceSection {
    let data: ReportData
    let options: ReportOptions

    var text: String {
        var commands: [String] = []
        if let sweep = data.sweep, !sweep.command.isEmpty {
            commands.append(sweep.command)
        } else {
            commands += data.runs.map(\.run.command).filter { !$0.isEmpty }
        }
        let files =
            options.stride == 1
            ? "`data/curves.csv` holds every step."
            : "`data/curves.csv` holds one step in \(options.stride) and the last one of each run; all statistics use every step."
        return """
            ## Reproduce

            \(MarkdownText.fenced(commands.joined(separator: "\n"), language: "sh"))
            \(files) `data/runs.csv` has one row per planned run, `data/summary.csv` the numbers of the leaderboard in full \
            precision. SQLite's shell rounds what it prints; to see a number to its last bit, ask for \
            `printf('%!.17g', final_loss)`.

            How this report can be wrong: it compares final losses at equal numbers of steps, not at equal cost; the best \
            row was chosen on the same seeds that it is shown for, so its number is optimistic; and configurations that \
            were not tried are not in it.

            """
    }
}
