import Foundation
import TestSupport
import Testing

/// Every command's output in every format, from the real program, compared with the snapshots in `Snapshots`.
///
/// The words of every help are compared with the command reference, see ``ManualTests``; one help is kept here for its form.
/// `make snapshots` records the snapshots again.
@Suite(.timeLimit(.minutes(5)))
struct TranscriptTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Snapshots")
    private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil

    @Test
    func `each command has a page`() throws {
        let names = Set(try Transcript.all.get().map(\.name))

        for entry in try CommandTree.entries.get() {
            #expect(
                entry.isGroup || entry.path == ["manual"] || names.contains("\(entry.name).txt"),
                "\(entry.name) has no page in TranscriptPage.all")
        }
        #expect(names.count > 30)
    }

    @Test
    func `what commands print is what was recorded`() throws {
        if Self.isRecording {
            try? FileManager.default.removeItem(at: Self.folder)
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        }
        for transcript in try Transcript.all.get() {
            let file = Self.folder.appending(path: transcript.name)
            if Self.isRecording { try Data(transcript.text.utf8).write(to: file) }
            let expected = try? String(contentsOf: file, encoding: .utf8)
            #expect(expected != nil, "the snapshot \(transcript.name) is missing; `make snapshots` records it")
            if let expected { Self.expect(transcript.text, toEqual: expected, transcript.name) }
        }
    }

    @Test
    func `there is no snapshot of what is no command`() throws {
        let names = Set(try Transcript.all.get().map(\.name))
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path))

        #expect(files.subtracting(names).isEmpty)
    }

    @Test
    func `no line of help or of a page for people is wider than 80 columns`() throws {
        for scene in try Transcript.all.get().flatMap(\.scenes) + Transcript.helps.get()
        where [nil, "help", "table", "text"].contains(scene.format) {
            let wide = scene.invocation.output.components(separatedBy: "\n").filter { $0.count > 80 }
            #expect(wide.isEmpty, "\(scene.arguments): \(wide.first ?? "")")
        }
    }

    @Test(arguments: ["csv", "json", "jsonl", "markdown", "tsv"])
    func `a program can read every page`(format: String) throws {
        // The Markdown of `judge` is sentences and a table, for a person.
        let scenes = try Transcript.all.get().flatMap(\.scenes).filter {
            $0.format == format && !(format == "markdown" && $0.arguments.first == "judge")
        }

        #expect(scenes.count >= 20)
        for scene in scenes {
            #expect(
                PageReader.rows(of: scene.invocation.output, format) != nil,
                "\(scene.arguments): \(scene.invocation.output)")
        }
    }

    @Test(arguments: [
        ("csv", "a,b\n1\n"), ("csv", "a,b\r\n1,2\r\n"), ("csv", "a,b\n\"1,2\n"), ("tsv", "a\tb\n1\n"),
        ("json", "{\"a\":1}{}\n"),
        ("jsonl", "{\"a\":1}\n[\n"), ("markdown", "| a | b |\n| --- | --- |\n| 1 | 2 | 3 |\n"),
        ("markdown", "| a |\n| 1 |\n"),
    ])
    func `a page that is broken cannot be read`(format: String, page: String) {
        #expect(PageReader.rows(of: page, format) == nil)
    }

    private static func expect(_ text: String, toEqual expected: String, _ name: String) {
        let (lines, wanted) = (text.components(separatedBy: "\n"), expected.components(separatedBy: "\n"))
        for (number, (line, wanted)) in zip(lines, wanted).enumerated() where line != wanted {
            Issue.record("\(name), line \(number + 1): '\(line)' instead of '\(wanted)'")
            return
        }
        #expect(lines.count == wanted.count, "\(name) ends earlier or later")
    }
}
