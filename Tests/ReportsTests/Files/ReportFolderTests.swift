import Foundation
import Testing
import TextFormats
import Tracking

@testable import Reports

struct ReportFolderTests {
    private func names(in folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
    }

    @Test
    func `a report replaces the one before`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "a/b", directoryHint: .isDirectory)
        let report = Report(of: .sweep("demo"), in: notebook.store)

        try report.write(to: target)
        try Data("old".utf8).write(to: target.appending(path: "report.md"))
        try report.write(to: target)

        #expect(try String(contentsOf: target.appending(path: "report.md"), encoding: .utf8).hasPrefix("# demo\n"))
        #expect(
            try names(in: target)
                == (ReportFilesTests.files + ["data", "fig"]).sorted())
    }

    @Test(arguments: [ReportSubject.sweep("other"), .runs([1]), .all])
    func `a folder with the report of something else is refused unless it is forced`(other: ReportSubject) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        try notebook.addSweep([SampleRun(seed: 2)], named: "other")
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        try Report(of: .sweep("demo"), in: notebook.store).write(to: target)
        let before = try Data(contentsOf: target.appending(path: "provenance.json"))

        let error = #expect(throws: ReportError.self) { try Report(of: other, in: notebook.store).write(to: target) }

        #expect(error?.code == .folderTaken)
        #expect(
            error?.text.spelled(SampleNotebook.spelling).hasSuffix(
                "holds the report on the sweep 'demo'; name another folder with --out, or replace it with --force")
                == true)
        #expect(try Data(contentsOf: target.appending(path: "provenance.json")) == before)
        try Report(of: other, in: notebook.store).write(to: target, force: true)
        #expect(try Data(contentsOf: target.appending(path: "provenance.json")) != before)
    }

    @Test(arguments: ["notes.txt", "data/mine.csv", "report.md", "fig/old/a.svg"])
    func `a folder with a file that is no part of a report is refused unless it is forced`(name: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        let file = target.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: file)

        let error = #expect(throws: ReportError.self) {
            try Report(of: .sweep("demo"), in: notebook.store).write(to: target)
        }

        #expect(error?.code == .folderTaken)
        #expect(error?.description.contains("is no part of a report: '\(name)'") == true)
        #expect(try names(in: target).filter { $0.contains(".") } == [name])
        try Report(of: .sweep("demo"), in: notebook.store).write(to: target, force: true)
        #expect(try names(in: target).contains("provenance.json"))
    }

    @Test
    func `what a report no longer has goes with the next one, and files of the system stay`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        try Report(of: .sweep("demo"), in: notebook.store).write(to: target)
        for name in [".gitignore", "data/runs.csv.partial"] {
            try Data().write(to: target.appending(path: name))
        }

        let options = ReportOptions(formats: [.markdown], isBrief: true)
        try Report(of: .sweep("demo"), in: notebook.store, options: options).write(to: target)

        let left = try names(in: target)
        #expect(
            left == [
                ".gitignore", "data", "data/runs.csv.partial", "fig", "fig/convergence.svg", "provenance.json",
                "report.md",
            ])
    }

    @Test
    func `the size of a report is that of its files`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)

        let size = try Report(of: .sweep("demo"), in: notebook.store).write(to: target)

        let sizes = try names(in: target).filter { $0.contains(".") }.map {
            try Data(contentsOf: target.appending(path: $0)).count
        }
        #expect(size == sizes.reduce(0, +))
    }

    @Test(arguments: ["report", "report/data"])
    func `a file where a folder should be is refused and left alone`(place: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        let file = notebook.folder.appending(path: place)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: file)

        let error = #expect(throws: ReportError.self) {
            try Report(of: .sweep("demo"), in: notebook.store).write(to: target, force: true)
        }

        #expect(error?.code == .cannotWrite)
        let sentence = error?.text.spelled(SampleNotebook.spelling) ?? ""
        #expect(sentence.contains("\(place)' is a file, but a"))
        #expect(sentence.hasSuffix("with --out"))
        #expect(try Data(contentsOf: file) == Data("mine".utf8))
    }

    @Test
    func `a failure leaves the last report as it was`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        try Report(of: .sweep("demo"), in: notebook.store).write(to: target)
        let before = try names(in: target)
        let bytes = try Data(contentsOf: target.appending(path: "data/curves.csv"))

        #expect(throws: TrackingError.self) {
            try Report(of: .sweep("other"), in: notebook.store).write(to: target)
        }

        #expect(try names(in: target) == before)
        #expect(try Data(contentsOf: target.appending(path: "data/curves.csv")) == bytes)
    }

    @Test
    func `a report on nothing is refused`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([], named: "empty")

        let sweep = #expect(throws: ReportError.self) { try notebook.report(on: .sweep("empty")) }
        let runs = #expect(throws: ReportError.self) { try notebook.report(on: .runs([])) }

        #expect(sweep?.description == "the sweep 'empty' has no runs")
        #expect(runs?.code == .nothingToReport)
    }

    @Test
    func `a name that is not there leaves nothing behind`() throws {
        let notebook = try SampleNotebook()
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)

        #expect(throws: TrackingError.self) {
            try Report(of: .sweep("other"), in: notebook.store).write(to: target)
        }

        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    @Test
    func `a failure while writing leaves nothing half done`() throws {
        let notebook = try SampleNotebook()
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        struct Interruption: Error {}

        #expect(throws: Interruption.self) {
            try ReportFolder.write(to: target) { files in
                try files.add("report.md", Array("half".utf8))
                throw Interruption()
            }
        }

        #expect(!FileManager.default.fileExists(atPath: target.path))
    }

    @Test
    func `a folder in a file's place is named before any file is replaced`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: target.appending(path: "report.md/inside"), withIntermediateDirectories: true)

        let error = #expect(throws: ReportError.self) {
            try Report(of: .sweep("demo"), in: notebook.store).write(to: target, force: true)
        }

        #expect(error?.description.contains("report.md' is a folder") == true)
        #expect(try names(in: target) == ["report.md", "report.md/inside"])
    }

    @Test
    func `a file that cannot be written is the system's reason`() throws {
        let error = #expect(throws: ReportError.self) {
            // Nothing may be made there, not even by root.
            try ReportFolder.write(to: URL(filePath: "/proc", directoryHint: .isDirectory)) { files in
                try files.add("report.md", Array("x".utf8))
            }
        }

        #expect(error?.description.hasPrefix("'/proc' cannot be written: ") == true)
        #expect(error?.underlying is FileError)
    }

    @Test
    func `a report that was not finished is known as that, and the next one clears it`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        let report = Report(of: .sweep("demo"), in: notebook.store)
        try report.write(to: target)
        // As a process leaves it that is killed between two names: one file is new already, and one had no old version.
        try Data("new".utf8).write(to: target.appending(path: "report.md"))
        try Data("new".utf8).write(to: target.appending(path: "report.tex"))
        let mark = target.appending(path: UnfinishedReport.fileName)
        try Data("report.md\nreport.tex\nprovenance.json\n../mine\n".utf8).write(to: mark)
        try Data("mine".utf8).write(to: notebook.folder.appending(path: "mine"))

        let check = try ReportCheck(of: target, in: notebook.store, isAlive: { _ in nil })
        #expect(check.differences.count == 1)
        #expect(check.differences.first?.contains("is not finished") == true)

        try report.write(to: target)
        #expect(try ReportCheck(of: target, in: notebook.store, isAlive: { _ in nil }).differences.isEmpty)
        #expect(try !names(in: target).contains { $0.hasPrefix(".") || $0 == "report.tex" })
        #expect(FileManager.default.fileExists(atPath: notebook.folder.appending(path: "mine").path))
    }

    @Test(arguments: ["report.md", "provenance.json", UnfinishedReport.fileName, "data", "fig"])
    func `a symbolic link in a report's folder is not followed`(name: String) throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        let elsewhere = notebook.folder.appending(path: "elsewhere")
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
        let isFolder = ["data", "fig"].contains(name)
        if isFolder {
            try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
        } else {
            try Data("mine".utf8).write(to: elsewhere)
        }
        try FileManager.default.createSymbolicLink(at: target.appending(path: name), withDestinationURL: elsewhere)

        let result = Result { try Report(of: .sweep("demo"), in: notebook.store).write(to: target, force: true) }

        if isFolder {
            #expect(throws: ReportError.self) { try result.get() }
            #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
            #expect(try names(in: target) == [name])
        } else {
            #expect(throws: Never.self) { try result.get() }
            #expect(try Data(contentsOf: elsewhere) == Data("mine".utf8))
        }
    }

    @Test
    func `what a provenance calls its files is not read or removed outside of a report's names`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()])
        let target = notebook.folder.appending(path: "report", directoryHint: .isDirectory)
        let report = Report(of: .sweep("demo"), in: notebook.store)
        try report.write(to: target)
        let provenance = target.appending(path: "provenance.json")
        try Data("mine".utf8).write(to: target.appending(path: "notes.txt"))
        let text = try String(contentsOf: provenance, encoding: .utf8)
            .replacing("\"outputs\" : {", with: "\"outputs\" : { \"notes.txt\": \"\", \"../../etc/hostname\": \"\",")
        try Data(text.utf8).write(to: provenance)

        let check = try ReportCheck(of: target, in: notebook.store, isAlive: { _ in nil })
        #expect(check.differences.allSatisfy { $0.hasPrefix("provenance.json") })
        try report.write(to: target, force: true)
        #expect(try names(in: target).contains("notes.txt"))
    }

    @Test
    func `folders that were made for a report go with its failure`() throws {
        let notebook = try SampleNotebook()
        let target = notebook.folder.appending(path: "a/b/c", directoryHint: .isDirectory)
        struct Interruption: Error {}

        #expect(throws: Interruption.self) {
            try ReportFolder.write(to: target) { files in
                try files.add("data/runs.csv", Array("half".utf8))
                throw Interruption()
            }
        }

        #expect(!FileManager.default.fileExists(atPath: notebook.folder.appending(path: "a").path))
    }

    @Test
    func `a run that does not exist is the notebook's error`() throws {
        let notebook = try SampleNotebook()

        let error = #expect(throws: TrackingError.self) { try notebook.report(on: .runs([7])) }

        #expect(error?.code == .notFound)
    }
}
