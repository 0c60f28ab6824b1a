import Foundation
import Testing
import Tracking

@testable import Reports

struct ProvenanceTests {
    @Test(
        arguments: [
            ReportOptions(),
            ReportOptions(
                stride: 7, isReproducible: true, target: try ReportTarget(text: "excess=1e-3"), baseline: "adam",
                tuningSeeds: .named([1, 2]), selection: "lr<1", isSpreadsheetSafe: true, formats: [.csv, .html]),
            ReportOptions(
                isReproducible: true, formats: [.latex, .markdown], plots: .none, isBrief: true, database: "a b.db"),
        ])
    func `a report keeps what it was made with`(options: ReportOptions) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        let target = notebook.folder.appending(path: "out", directoryHint: .isDirectory)
        try Report(of: .sweep("demo"), in: notebook.store, options: options).write(to: target)

        let provenance = try ReportProvenance.read(from: target)

        #expect(provenance.reportSubject == .sweep("demo"))
        #expect(try provenance.reportOptions() == options)
        #expect(try ReportCheck(of: target, in: notebook.store, isAlive: { _ in true }).differences.isEmpty)
        let files = try FileManager.default.subpathsOfDirectory(atPath: target.path).filter { $0.contains(".") }
        #expect(Set(provenance.outputs.keys) == Set(files).subtracting([ReportProvenance.fileName]))
    }

    @Test(arguments: [
        ("data/runs.csv", "data/runs.csv, row 2 (sweep demo), column optimizer: 'ADAM' stands there"),
        ("report.md", "report.md, line 3: "), ("fig/fit.svg", "fig/fit.svg, line "),
    ])
    func `the first place that differs is named`(file: String, place: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        let target = notebook.folder.appending(path: "out", directoryHint: .isDirectory)
        try Report(of: .sweep("demo"), in: notebook.store).write(to: target)
        let url = target.appending(path: file)
        let text = try String(contentsOf: url, encoding: .utf8)
        let (old, new) =
            file.hasSuffix("csv")
            ? ("adam,0.1", "ADAM,0.1") : file == "report.md" ? ("18 planned", "19 planned") : ("circle", "disk")
        try Data(text.replacing(old, with: new, maxReplacements: 1).utf8).write(to: url)

        let differences = try ReportCheck(of: target, in: notebook.store, isAlive: { _ in true }).differences

        #expect(differences.count == 1)
        #expect(differences.first?.hasPrefix(place) == true, "\(differences)")
    }

    @Test
    func `a file that is missing is named`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.two)
        let target = notebook.folder.appending(path: "out", directoryHint: .isDirectory)
        try Report(of: .sweep("demo"), in: notebook.store).write(to: target)
        try FileManager.default.removeItem(at: target.appending(path: "data/claims.csv"))

        let check = try ReportCheck(of: target, in: notebook.store, isAlive: { _ in true })

        #expect(check.differences == ["data/claims.csv is missing"])
    }
}
