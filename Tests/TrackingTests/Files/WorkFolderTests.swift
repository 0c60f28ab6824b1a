import Foundation
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// Files that appear where they belong when they are complete, and nothing that stays of those that are not.
struct WorkFolderTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "work-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test
    func `a file takes the place of an older one or of a link, in one moment`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let mine = folder.appending(path: "mine")
        try Data("mine".utf8).write(to: mine)
        try FileManager.default.createSymbolicLink(at: folder.appending(path: "a"), withDestinationURL: mine)

        try WorkFolder.write(Array("one".utf8), to: folder.appending(path: "a"))
        try WorkFolder.write(Array("two".utf8), to: folder.appending(path: "b"))
        try WorkFolder.write(Array("three".utf8), to: folder.appending(path: "b"))

        #expect(try text("a") == "one")
        #expect(try text("b") == "three")
        #expect(try text("mine") == "mine")
        #expect(try names() == ["a", "b", "mine"])
    }

    @Test(arguments: ["a folder", "a named pipe", "a socket or device"])
    func `what is no file is not replaced`(kind: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let target = folder.appending(path: "x")
        switch kind {
        case "a folder": try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
        case "a named pipe": try #require(mkfifo(target.path, 0o600) == 0)
        default: break
        }
        let place = kind == "a socket or device" ? URL(filePath: "/dev/null") : target

        let error = #expect(throws: FileError.self) { try WorkFolder.write([1], to: place) }

        #expect(error?.description.hasPrefix("'\(place.path)' is a") == true)
        #expect(try names() == (place == target ? ["x"] : []))
    }

    @Test
    func `what a living process works in stays, and what a dead one left goes`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let alive = try WorkFolder(in: folder, for: "x")
        try alive.makeFile("half", rights: .usual, for: "x")
        // A dead process holds no lock.
        let dead = folder.appending(path: WorkFolder.prefix + String(repeating: "0", count: 32))
        try FileManager.default.createDirectory(
            at: dead.appending(path: "inner"), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
        )
        for name in ["lock", "shard.db", "shard.db-wal", "inner/x"] {
            try Data("x".utf8).write(to: dead.appending(path: name))
        }
        let unbegun = folder.appending(path: WorkFolder.prefix + String(repeating: "1", count: 32))
        try FileManager.default.createDirectory(at: unbegun, withIntermediateDirectories: false)

        #expect(WorkFolder.removeAbandoned(in: folder) == 2)

        #expect(try names() == [alive.url.lastPathComponent])
        #expect(FileManager.default.fileExists(atPath: alive.file("half").path))
    }

    @Test
    func `what merely looks similar stays`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let zeros = String(repeating: "0", count: 32)
        let elsewhere = folder.appending(path: "elsewhere")
        try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: false)
        try Data().write(to: elsewhere.appending(path: "lock"))
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: WorkFolder.prefix + zeros), withDestinationURL: elsewhere)
        for name in [WorkFolder.prefix + "x", WorkFolder.prefix + zeros + "0", ".other-work-" + zeros] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: false)
            try Data().write(to: folder.appending(path: "\(name)/lock"))
        }
        // Without a lock file it is somebody else's.
        let foreign = folder.appending(path: WorkFolder.prefix + String(repeating: "a", count: 32))
        try FileManager.default.createDirectory(at: foreign, withIntermediateDirectories: false)
        try Data().write(to: foreign.appending(path: "precious"))
        try Data().write(to: folder.appending(path: WorkFolder.prefix + String(repeating: "b", count: 32)))
        let before = try names()

        #expect(WorkFolder.removeAbandoned(in: folder) == 0)

        #expect(try names() == before)
        #expect(FileManager.default.fileExists(atPath: foreign.appending(path: "precious").path))
        #expect(FileManager.default.fileExists(atPath: elsewhere.appending(path: "lock").path))
    }

    @Test(arguments: [0o600, 0o640, 0o644, 0o664, 0o400])
    func `a copy allows nobody what the original does not`(mode: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let original = folder.appending(path: "original")
        try Data("x".utf8).write(to: original)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: original.path)

        let copy = folder.appending(path: "copy")
        try WorkFolder.copy(original, to: copy, rights: AccessRights(ofCopyOf: original.path))

        let made = try #require(
            FileManager.default.attributesOfItem(atPath: copy.path)[.posixPermissions] as? Int)
        #expect(made & ~mode & 0o077 == 0, "\(String(made, radix: 8))")
        #expect(made & 0o700 == 0o600)
    }

    @Test(arguments: ["pipe", "folder", "nothing", "device", "link to a pipe"])
    func `a file that cannot be read whole is named, and nobody waits for it`(kind: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "x").path
        switch kind {
        case "pipe": try #require(mkfifo(path, 0o600) == 0)
        case "folder": try #require(mkdir(path, 0o700) == 0)
        case "link to a pipe":
            try #require(mkfifo(path + "p", 0o600) == 0 && symlink(path + "p", path) == 0)
        default: break
        }

        let error = #expect(throws: FileError.self) {
            try InputFile.read(kind == "device" ? "/dev/null" : path, fix: "give another")
        }

        #expect(error?.description.hasSuffix("; give another") == true)
        #expect(InputFile.small(kind == "device" ? "/dev/null" : path, atMost: 10) == nil)
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
}
