import Foundation
import TestSupport
import Testing
import TextFormats
import Tracking

@testable import Reports

/// A report in other forms than the usual.
struct FormatsTests {
    private func report(_ options: ReportOptions, _ runs: [SampleRun] = .mixed) throws -> [String: [UInt8]] {
        let notebook = try SampleNotebook()
        try notebook.addSweep(runs)
        return try notebook.report(on: .sweep("demo"), options)
    }

    private func text(_ bytes: [UInt8]?) throws -> String { String(decoding: try #require(bytes), as: UTF8.self) }

    @Test
    func `a brief report has the verdict, one table and one picture`() throws {
        let files = try report(ReportOptions(isReproducible: true, formats: [.markdown, .csv], isBrief: true))
        let brief = try text(files["report.md"])
        let full = try text(report(ReportOptions(isReproducible: true))["report.md"])

        #expect(brief.hasPrefix("# demo\n"))
        #expect(brief.components(separatedBy: "\n## ").map { $0.prefix(7) } == ["# demo\n", "Verdict"])
        #expect(brief.matches(of: #/\n\| --/#).count == 1)
        #expect(brief.components(separatedBy: "![").count == 2)
        #expect(brief.utf8.count < full.utf8.count / 4)
        #expect(!brief.contains("](#"))
        // What it says is what the whole report says, and the numbers are there.
        for line in brief.split(separator: "\n") where line.hasPrefix("- ") { #expect(full.contains(line)) }
        #expect(files.keys.filter { $0.hasPrefix("fig/") } == ["fig/convergence.svg"])
        #expect(files["data/summary.csv"] != nil)
    }

    @Test
    func `a report opens with verdict, table and picture`() throws {
        let full = try text(report(ReportOptions(isReproducible: true))["report.md"])
        let titles = full.components(separatedBy: "\n## ").dropFirst().map { $0.split(separator: "\n")[0] }

        #expect(titles.prefix(3) == ["Verdict", "Optimizers at their best", "Completeness"])
        let picture = try #require(full.firstRange(of: "![Convergence]"))
        let third = try #require(full.firstRange(of: "\n## Completeness"))
        #expect(picture.lowerBound < third.lowerBound)
    }

    @Test
    func `only what is asked for is written`() throws {
        let latex = try report(ReportOptions(formats: [.latex]))
        let text = try text(latex["report.tex"])
        #expect(Set(latex.keys.filter { !$0.hasPrefix("fig/") }) == ["report.tex", "provenance.json"])
        for path in latex.keys where path.hasPrefix("fig/") { #expect(text.contains("\\texttt{\(path)}")) }
        #expect(latex.count > 2)
        #expect(try report(ReportOptions())["report.tex"] == nil)
    }

    @Test
    func `a program reads what the files say`() throws {
        let files = try report(ReportOptions(isReproducible: true, formats: [.json, .csv]))
        let json = try #require(files["report.json"])
        let page = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        let claims = CSVReader.records(try #require(files["data/claims.csv"]))
        let pairs = CSVReader.records(try #require(files["data/pairwise.csv"]))

        #expect(Set(files.keys.filter { !$0.hasPrefix("data/") }) == ["report.json", "provenance.json"])
        let sentences = try #require(page["claims"] as? [[String: Any]])
        #expect(sentences.map { $0["sentence"] as? String } == claims.map { $0["sentence"] })
        let compared = try #require(page["pairs"] as? [[String: Any]])
        #expect(compared.count == 1 && compared.map { $0["verdict"] as? String } == pairs.map { $0["verdict"] })
        #expect(compared.map { $0["p"] as? Double } == pairs.map { Double($0["p_raw"] ?? "") })
        let arms = try #require(page["arms"] as? [[String: Any]])
        #expect(arms.map { $0["name"] as? String } == ["sgd", "adam"])
        #expect(arms.map { $0["diverged"] as? Int } == [0, 2] && arms.allSatisfy { $0.keys.contains("successes") })
    }

    @Test
    func `plain text says the same without markup`() throws {
        let files = try report(ReportOptions(isReproducible: true, formats: [.text, .csv]))
        let text = try text(files["report.txt"])
        let plain = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")

        #expect(text.hasPrefix("demo\n====\n") && text.contains("\nVerdict\n-------\n"))
        for claim in CSVReader.records(try #require(files["data/claims.csv"])) {
            #expect(plain.contains(claim["sentence"] ?? "?"))
        }
        #expect(!text.contains("**") && !text.contains("<details>") && !text.contains("](#"))
    }

    @Test(.enabled(if: Program.named("pdflatex") != nil))
    func `LaTeX sets the report of any name`() throws {
        let notebook = try SampleNotebook()
        let name = "50 % of a_b \\end{document} {x} ~ ^ # $ & <é漢>"
        try notebook.addSweep(.mixed, named: name)
        let files = try notebook.report(on: .sweep(name), ReportOptions(formats: [.latex]))
        try Data(#require(files["report.tex"])).write(to: notebook.folder.appending(path: "report.tex"))

        let set = try Program.named("pdflatex")?.run(
            ["-interaction=nonstopmode", "-halt-on-error", "report.tex"], in: notebook.folder)

        #expect(set?.exitCode == 0, "\(set?.output.suffix(2000) ?? "")")
    }

    @Test(.enabled(if: Program.named("pdflatex") != nil))
    func `nothing of a report runs off LaTeX's page`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        let files = try notebook.report(on: .sweep("demo"), ReportOptions(formats: [.latex]))
        try Data(#require(files["report.tex"])).write(to: notebook.folder.appending(path: "report.tex"))

        let set = try Program.named("pdflatex")?.run(
            ["-interaction=nonstopmode", "-halt-on-error", "report.tex"], in: notebook.folder)

        let output = try #require(set?.output)
        #expect(output.contains("Output written"))
        #expect(!output.contains("Overfull"), "\(output.components(separatedBy: "Overfull").dropFirst().first ?? "")")
    }

    @Test
    func `a report without CSV files says that they are missing`() throws {
        let sentence = "This report was written without its CSV files"

        #expect(try text(report(ReportOptions(formats: [.markdown], isBrief: true))["report.md"]).contains(sentence))
        #expect(try !text(report(ReportOptions(formats: [.markdown, .csv]))["report.md"]).contains(sentence))
    }

    @Test
    func `hashes, SQL and configurations are folded`() throws {
        let full = try text(report(ReportOptions(isReproducible: true))["report.md"])
        let folded = full.components(separatedBy: "<details>").dropFirst().map {
            $0.components(separatedBy: "</details>")[0]
        }

        #expect(folded.count { $0.contains("```sql") } == folded.count - 1)
        #expect(folded.contains { $0.contains("\n### ") })
        #expect(full.components(separatedBy: "<details>").count == full.components(separatedBy: "</details>").count)
        let open = full.components(separatedBy: "</details>").map { $0.components(separatedBy: "<details>")[0] }
            .joined()
        #expect(open.components(separatedBy: "```sql").count == 2, "one query says how to read a number's last bit")
    }
}
