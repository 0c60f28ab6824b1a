import Foundation
import Recording
import TextFormats
import Tracking

/// Which metrics would be taken of each line of a log, and why.
struct OutputExplanation {
    private let mode: RunRecorder.OutputMode

    init(_ mode: RunRecorder.OutputMode) {
        self.mode = mode
    }

    func print(_ path: String) throws {
        let bytes = try InputFile.read(path, fix: "give a file that a program's output was written to")
        var recognizer: OutputRecognizer
        switch mode {
        case .recognized, .none: recognizer = OutputRecognizer()
        case .pattern(let pattern): recognizer = OutputRecognizer(pattern: pattern)
        }
        var summary = RecognitionSummary()
        var number = 0
        var failure: (any Error)?
        func explain(_ line: OutputLine) {
            number += 1
            let recognition = recognizer.recognize(line)
            summary.add(recognition)
            guard failure == nil else { return }
            do {
                try Terminal.print("\(number): \(recognition.explanation)")
            } catch {
                failure = error
            }
        }
        var lines = OutputLines()
        lines.read(bytes, explain)
        lines.finish(explain)
        if let failure { throw failure }
        Terminal.printNote("gradbook: \(summary.sentence)")
    }
}
