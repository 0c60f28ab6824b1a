import Foundation

/// `bench list`, `bench run [NAME...]`, `bench check [NAME...]`: the second prints, the third fails over a limit.
@main
enum Benchmarks {
    private static var cases: [BenchmarkCase] {
        EagerStep.cases + ReportRows.cases + MergedShards.cases + RecordedSweep.cases
            + RecordedSteps.cases + RecordedLines.cases
    }

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let names = arguments.dropFirst()
        let selected = cases.filter { names.isEmpty || names.contains($0.name) }
        let figures = LargeNotebook.figures.filter { names.isEmpty || names.contains($0.name) }
        switch arguments.first ?? "run" {
        case "list": for name in cases.map(\.name) + LargeNotebook.figures.map(\.name) { print(name) }
        case "run": _ = (run(selected), run(figures))
        case "check":
            let passed = (run(selected), run(figures))
            exit(passed.0 && passed.1 ? 0 : 1)
        case let command:
            FileHandle.standardError.write(Data("bench: '\(command)' is not one of list, run, check\n".utf8))
            exit(64)
        }
    }

    /// Prints a line per case; false if one is over its limit.
    private static func run(_ cases: [BenchmarkCase]) -> Bool {
        if cases.isEmpty { return true }
        print("case                     ns/unit     floor     ratio     limit   objects")
        var passed = true
        for benchmark in cases {
            let measured = Measurement(benchmark)
            let difference = measured.subject - measured.floor
            let isOver = measured.ratio > benchmark.limit || difference > benchmark.largestDifference ?? .infinity
            passed = passed && !isOver
            let line = [
                benchmark.name.padding(toLength: 22, withPad: " ", startingAt: 0), column(measured.subject, 0),
                column(measured.floor, 0), column(measured.ratio, 2), column(benchmark.limit, 2),
                column(measured.allocations, 1),
            ]
            print(line.joined() + (isOver ? "  OVER" : ""))
        }
        return passed
    }

    /// Prints a line per figure; false if one is over its limit.
    private static func run(_ figures: [Figure]) -> Bool {
        if figures.isEmpty { return true }
        print("figure                     value     limit")
        var passed = true
        for figure in figures {
            let value = figure.measure()
            passed = passed && value <= figure.limit
            let name = figure.name.padding(toLength: 22, withPad: " ", startingAt: 0)
            print(
                name + column(value, 1) + column(figure.limit, 1) + "  \(figure.unit)"
                    + (value > figure.limit ? "  OVER" : ""))
        }
        return passed
    }

    /// `value` with as many decimals, right-aligned.
    private static func column(_ value: Double, _ decimals: Int) -> String {
        let text = value.formatted(.number.precision(.fractionLength(decimals)).grouping(.never))
        return String(repeating: " ", count: max(1, 10 - text.count)) + text
    }
}
