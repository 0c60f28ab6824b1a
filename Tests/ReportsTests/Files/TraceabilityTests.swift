import Foundation
import TestRows
import TestSupport
import Testing
import Tracking

@testable import Reports
@testable import TextFormats

/// Whether what people read stands in a file, and whether other programs read the same numbers.
struct TraceabilityTests {
    private func notebook() throws -> SampleNotebook {
        let notebook = try SampleNotebook(dataset: .line(xDivisor: 2, yDivisor: 3, yOffset: 4))
        try notebook.addSweep(
            .mixed
                + [0.1, 0.3].flatMap { rate in (1...6).map { SampleRun(learningRate: rate, seed: $0, factor: 0.7) } })
        return notebook
    }

    @Test
    func `every number in a table of the report stands in a CSV file`() throws {
        let files = try notebook().report()
        let values = files.filter { $0.key.hasSuffix(".csv") }.flatMap { file in
            CSVReader.rows(file.value).joined().compactMap { Double($0) }
        }.sorted()
        let markdown = String(decoding: files["report.md"] ?? [], as: UTF8.self)
        let sections = markdown.components(separatedBy: "\n## ").filter { section in
            [
                "Completeness", "Problem", "Optimizers", "Default", "Value", "Learning", "Runtime", "Pairwise",
                "Leaderboard",
                "Fitted",
                "Divergence", "Theory",
            ].contains { section.hasPrefix($0) }
        }
        #expect(sections.count == 12)

        var count = 0
        for section in sections {
            let lines = section.split(separator: "\n")
            for (row, next) in zip(lines, lines.dropFirst() + [""]) where row.hasPrefix("| ") && !next.contains("| --")
            {
                let words = Self.text(row).split { " []|/(),:;*>".contains($0) }.map(String.init)
                for word in words where Double(word)?.isFinite == true {
                    count += 1
                    let isThere = Self.isThere(word, among: values)
                    #expect(isThere, "\(word) in \(row)")
                }
            }
        }
        #expect(count > 250)
    }

    /// Without the targets of links, which are ids, and without sparklines.
    private static func text(_ row: Substring) -> String {
        let links = row.components(separatedBy: "](#").enumerated().map { index, part in
            index == 0 ? part : "]" + part.drop { $0 != ")" }
        }
        return links.joined().split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0.isMultiple(of: 2) ? String($1) : "" }.joined()
    }

    /// Whether one of the ascending `values` is rounded to `text`.
    private static func isThere(_ text: String, among values: [Double]) -> Bool {
        guard let number = Double(text) else { return false }
        let parts = text.split(separator: "e")
        let decimals = parts[0].split(separator: ".").dropFirst().first?.count ?? 0
        let half = 0.5 * pow(10, Double(-decimals) + (parts.count > 1 ? Double(parts[1]) ?? 0 : 0)) * (1 + 1e-6)
        let first = values.partitioningIndex { $0 >= number - half }
        return first < values.count && values[first] <= number + half
    }

    @Test(.enabled(if: Program.named("python3") != nil))
    func `another language reads every double with its bits`() throws {
        let notebook = try notebook()
        let curves = try notebook.report()["data/curves.csv"] ?? []
        let script = """
            import csv, struct, sys
            for row in csv.DictReader(sys.stdin):
                print(*(struct.pack(">d", float(row[name])).hex() if row[name] else "-" for name in ("loss", "w", "b", "grad_w")))
            """

        let invocation = try Program.named("python3")?.run(["-c", script], input: Data(curves))

        let expected = try notebook.store.runs.all(ofSweep: 1).flatMap { run in
            try notebook.store.steps.all(ofRun: run.id)
        }
        .map { step in
            [step.loss, step.w, step.b, step.gradW].map { value in
                guard value.isFinite else { return "-" }
                let digits = String(value.bitPattern, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined(separator: " ")
        }
        let read = try #require(invocation).output.split(separator: "\n").map(String.init)
        #expect(read == expected)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `random names are harmless in every file`(seed: UInt64) throws {
        let alphabet = Array("ab|,\"'\n\t<>&`*_[]()#!~$\\=+-@{}%;: é𝄞\u{1}")
        var random = SplitMix(seed: seed)
        let name = String((0..<12).map { _ in alphabet[Int(random.next() >> 33) % alphabet.count] })
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()], named: name)

        let files = try notebook.report(on: .sweep(name))

        #expect(CSVReader.records(files["data/runs.csv"] ?? [])[0]["sweep"] == name, "\(name)")
        let markdown = String(decoding: files["report.md"] ?? [], as: UTF8.self)
        #expect(markdown.split(separator: "\n")[0] == "# \(MarkdownText.escaped(name))")
        #expect(markdown.split(separator: "\n")[1].hasPrefix("1 configuration on 1 seed"))
        let page = String(decoding: files["report.html"] ?? [], as: UTF8.self)
        #expect(page.components(separatedBy: "<h1").count == 2)
        #expect(page.components(separatedBy: "<script").count == 2)
        let provenance = try JSONDecoder().decode(
            ReportProvenance.self, from: Data(files["provenance.json"] ?? []))
        #expect(provenance.subject.sweep == name)
    }
}

extension [Double] {
    /// The first index at which `predicate` holds; it holds from there on.
    fileprivate func partitioningIndex(where predicate: (Double) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
