import Foundation
import TestSupport
import Testing

@testable import Recording

/// Whole logs in the styles of well-known programs, each with what is taken of which line.
///
/// `RECORD_SNAPSHOTS=1` writes the expected files again; read the difference before it is committed.
struct FixtureTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    private static func lines(of bytes: [UInt8], size: () -> Int) -> [OutputLine] {
        var reader = OutputLines()
        var lines: [OutputLine] = []
        var place = 0
        while place < bytes.count {
            let end = min(bytes.count, place + max(1, size()))
            reader.read(Array(bytes[place..<end])) { lines.append($0) }
            place = end
        }
        reader.finish { lines.append($0) }
        return lines
    }

    @Test(arguments: [
        "nanogpt", "modded-nanogpt", "lightning", "keras", "tqdm", "hugging-face", "fairseq", "scikit-learn",
        "c-program", "shell-script",
    ])
    func `of a log the metrics are taken and nothing else`(name: String) throws {
        let log = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(name).log")))
        let file = Self.folder.appending(path: "\(name).expected")
        var generator = SplitMix(seed: TestTier.seed)
        var recognizer = OutputRecognizer()
        var summary = RecognitionSummary()

        var found: [String] = []
        for (index, line) in Self.lines(of: log, size: { Int(generator.next() % 50) }).enumerated() {
            let recognition = recognizer.recognize(line)
            summary.add(recognition)
            if let taken = recognition.taken { found.append("\(index + 1): \(taken)") }
            #expect((recognition.line == nil) == (recognition.reason != nil), "\(line.text)")
        }
        found.append(summary.sentence)

        let text = found.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "seed \(TestTier.seed)")
    }
}
