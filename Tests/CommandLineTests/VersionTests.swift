import Foundation
import TestSupport
import Testing

@testable import gradbook

/// The release's number, which the program, the changelog and the archives share.
@Suite(.timeLimit(.minutes(5)))
struct VersionTests {
    @Test func `the version is the changelog's newest`() throws {
        let changelog = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../CHANGELOG.md")
        let headings = try String(contentsOf: changelog, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("## ") }
        #expect(headings.first == "## \(Version.current)")
        #expect(try Program.gradbook.run(["--version"]).output == "\(Version.current)\n")
    }

    @Test(arguments: [["--version", "--verbose"], ["--verbose", "--version"]])
    func `a verbose version names SQLite and where it comes from`(arguments: [String]) throws {
        let version = try Program.gradbook.run(arguments)
        #expect(version.exitCode == 0)
        let lines = version.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first == "gradbook  \(Version.current)")
        #expect(lines[1].contains(#/^SQLite    3\.\d+\.\d+, (part of the program|from /.*)$/#))
        #expect(lines[2].contains(#/^glibc     2\.\d+$/#))
    }
}
