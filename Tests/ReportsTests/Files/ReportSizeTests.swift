import Foundation
import TestSupport
import Testing
import Tracking

@testable import Reports

/// How long a report may become, and what it says of what it leaves out.
struct ReportSizeTests {
    private func large(_ count: Int, seeds: Int = 2) throws -> SampleNotebook {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...count).flatMap { index in
                (1...seeds).map { seed in
                    SampleRun(
                        optimizer: index.isMultiple(of: 2) ? "sgd" : "adam", learningRate: Double(index) / 1000,
                        momentum: index.isMultiple(of: 2) ? 0 : nil, seed: Int64(seed), stepCount: 12,
                        ending: index.isMultiple(of: 5) ? .diverged(at: 4) : .done,
                        factor: 0.4 + Double(index) / Double(2 * count))
                }
            })
        return notebook
    }

    private func markdown(_ files: [String: [UInt8]]) throws -> String {
        String(decoding: try #require(files["report.md"]), as: UTF8.self)
    }

    @Test
    func `a report on 300 configurations stays under 200 kilobytes, and has every row in a file`() throws {
        let files = try large(300).report()
        let text = try markdown(files)

        #expect(text.utf8.count < 200_000)
        let leaderboard = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Leaderboard") })
        #expect(leaderboard.contains("The first 30 of 300 configurations; all are in `data/summary.csv`."))
        #expect(leaderboard.split(separator: "\n").count { $0.hasPrefix("| ") } == 32)
        let rows = CSVReader.records(files["data/summary.csv"] ?? [])
        #expect(Set(rows.compactMap { $0["group_id"] }).count == 300)
    }

    @Test(arguments: [(60, 60), (61, 30)])
    func `up to 60 configurations are all shown`(count: Int, shown: Int) throws {
        let notebook = try large(count, seeds: 1)
        let findings = try Report(of: .sweep("demo"), in: notebook.store).findings()
        let compared = Set(Figures.shown(findings.comparison).map(\.group.id))
        let first = Set(findings.data.groups.prefix(shown).map(\.id))

        #expect(Set(findings.shownGroups.map(\.id)) == first.union(compared))
        let text = try markdown(notebook.report())
        #expect(text.components(separatedBy: "\n### ").count - 1 == findings.shownGroups.count)
        let curves = CSVReader.records(try notebook.report()["data/curves.csv"] ?? [])
        let runs = findings.shownGroups.flatMap { $0.runs.map { String($0.run.id) } }
        #expect(Set(curves.compactMap { $0["run_id"] }) == Set(runs))
    }

    @Test
    func `no link leads nowhere`() throws {
        let text = try markdown(large(70).report())
        let headings = Set(
            text.matches(of: #/(?m)^#+ (.*)$/#).map { $0.1.lowercased().replacing(" ", with: "-") })

        let targets = text.matches(of: #/\]\(#([^)]*)\)/#).map { String($0.1) }

        #expect(!targets.isEmpty)
        #expect(Set(targets).subtracting(headings).isEmpty)
    }

    @Test(arguments: [(200, 200, 1), (201, 101, 2), (1000, 201, 5)])
    func `curves have what a picture can show, and all rows when asked`(steps: Int, rows: Int, stride: Int) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun(stepCount: steps, factor: 0.99)])

        let some = try notebook.records("curves", ReportOptions())
        let all = try notebook.records("curves", ReportOptions(stride: 1))

        #expect(some.count == rows)
        #expect(some[1]["step"] == String(stride))
        #expect(some.last == all.last)
        #expect(all.count == steps)
        let text = try markdown(notebook.report())
        #expect(text.contains("about 200 evenly spaced steps of every run and the last one"))
        #expect(text.contains("`gradbook report --every 1` writes every step"))
    }

    @Test
    func `curves of a part are the same whether all or a part were written at once`() throws {
        let notebook = try large(61, seeds: 1)
        let some = CSVReader.records(try notebook.report()["data/curves.csv"] ?? [])
        let all = try notebook.records("curves", ReportOptions(stride: 1))

        let runs = Set(some.compactMap { $0["run_id"] })
        #expect(some == all.filter { runs.contains($0["run_id"] ?? "") })
    }
}
