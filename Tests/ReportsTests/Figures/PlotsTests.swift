import Foundation
import Testing

@testable import Reports

/// How pictures get into `report.md`.
struct PlotsTests {
    private func report(_ plots: ReportOptions.Plots, _ runs: [SampleRun] = .two) throws -> (
        text: String, files: [String]
    ) {
        let notebook = try SampleNotebook()
        try notebook.addSweep(runs)
        let files = try notebook.report(on: .sweep("demo"), ReportOptions(isReproducible: true, plots: plots))
        return (String(decoding: try #require(files["report.md"]), as: UTF8.self), files.keys.sorted())
    }

    @Test
    func `without plots there is no picture, and no file of one`() throws {
        let report = try report(.none)

        #expect(!report.text.contains("![") && !report.text.contains("mermaid"))
        #expect(!report.files.contains { $0.hasSuffix(".svg") })
    }

    @Test
    func `a Mermaid diagram has the medians of the arms that have numbers everywhere`() throws {
        let report = try report(.mermaid)

        #expect(report.text.contains("```mermaid\nxychart-beta\n"))
        // Adam diverges: half a line would be a wrong one.
        #expect(report.text.components(separatedBy: "\n    line [").count == 2)
        #expect(report.text.contains("drawn: sgd."))
        #expect(!report.files.contains { $0.hasSuffix(".svg") })
    }

    @Test
    func `the command that makes the report again asks for the same plots`() throws {
        #expect(try report(.mermaid).text.contains("gradbook report demo --plots mermaid --reproducible\n"))
    }

    @Test
    func `nothing but diverged runs has no diagram`() throws {
        let text = try report(.mermaid, [SampleRun(ending: .diverged(at: 3))]).text

        #expect(!text.contains("```mermaid"))
    }
}
