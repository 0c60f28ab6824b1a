import Foundation
import Testing

@testable import Reports

struct HTMLPageTests {
    @Test(arguments: ["<script>alert(1)</script>", "</title><b>", "a|b`c*d_e[f](g)", "\" onload=\"x"])
    func `a name stays text on the page`(name: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.two, named: name)
        let plain = try SampleNotebook()
        try plain.addSweep(.two, named: "plain")

        let page = String(decoding: try notebook.report(on: .sweep(name))["report.html"] ?? [], as: UTF8.self)
        let expected = String(decoding: try plain.report(on: .sweep("plain"))["report.html"] ?? [], as: UTF8.self)

        for tag in ["<script", "</title>", "<b>", "<a ", "<code", "<em", " onload=\"", "<td", "<th", "http"] {
            #expect(page.components(separatedBy: tag).count == expected.components(separatedBy: tag).count, "\(tag)")
        }
    }

    @Test
    func `a page needs nothing from elsewhere`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)

        let page = String(decoding: try notebook.report()["report.html"] ?? [], as: UTF8.self)

        #expect(!page.contains(" src="))
        #expect(!page.contains("<link"))
        #expect(page.components(separatedBy: "<figure>").count == 5)
    }
}
