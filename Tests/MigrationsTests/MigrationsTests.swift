import Foundation
import Migrations
import Testing

struct MigrationsTests {
    @Test
    func `the files on disk, in order, are the embedded steps`() throws {
        let folder = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "migrations")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "sql" && $0.lastPathComponent.first?.isNumber == true }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }

        #expect(Migrations.all.map { $0.identifier + ".sql" } == files.map(\.lastPathComponent))
        for (migration, file) in zip(Migrations.all, files) {
            let isEmbedded = try migration.sql == String(contentsOf: file, encoding: .utf8)
            #expect(isEmbedded, "\(file.lastPathComponent)")
        }
    }

    @Test
    func `a step's number is its place`() {
        let numbers = Migrations.all.map { Int($0.identifier.prefix(4)) }

        #expect(numbers == Array(1...Migrations.all.count))
    }
}
