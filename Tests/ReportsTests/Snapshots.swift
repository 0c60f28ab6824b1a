import Foundation
import Testing

/// Expected outputs, kept beside the tests; `RECORD_SNAPSHOTS=1` records them anew.
enum Snapshots {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")

    /// Expects `bytes` to be the snapshot's; one that is not there is recorded, and the test fails.
    static func expect(_ bytes: [UInt8], toEqual name: String) throws {
        let file = folder.appending(path: name)
        guard ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == nil,
            let expected = try? Data(contentsOf: file)
        else {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
            if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == nil {
                Issue.record("recorded the new snapshot \(name)")
            }
            return
        }
        let lines = { (bytes: [UInt8]) in
            String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        }
        for (number, (line, wanted)) in zip(lines(bytes), lines([UInt8](expected))).enumerated() where line != wanted {
            Issue.record("\(name), line \(number + 1): '\(line)' instead of '\(wanted)'")
            return
        }
        #expect(bytes.count == expected.count, "\(name) ends earlier or later")
    }
}
