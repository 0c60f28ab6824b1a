import Foundation
import TestSupport
import Testing

@testable import Recording

/// The real packages, as they are installed today.
struct WrittenLogTests {
    /// Takes a minute, and needs Python and its packages.
    @Test(.enabled(if: TestTier.isLong))
    func `logs that the packages write now are read as those in the repository`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "logs-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = LogFixtures.committed.deletingLastPathComponent().appending(path: "write-logs")
        let written = try #require(Program.named("python3")).run([script.path, folder.path])
        #expect(written.exitCode == 0, "\(written.error)")

        let fixtures = try LogFixtures(folder)
        TensorBoardTests.check(fixtures)
        try WandbTests.check(fixtures)
    }
}
