import Foundation
import TestSupport
import Testing

@testable import Recording

/// Files that grow, shrink and are replaced while they are read.
struct FollowedFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "followed-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func append(_ text: String, to name: String) throws {
        if !FileManager.default.fileExists(atPath: path(name)) { try Data().write(to: folder.appending(path: name)) }
        let handle = try FileHandle(forWritingTo: folder.appending(path: name))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    private func rewrite(_ text: String, in name: String) throws {
        let handle = try FileHandle(forWritingTo: folder.appending(path: name))
        defer { try? handle.close() }
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
    }

    private static func all(_ file: FollowedFile) throws -> [FollowedFile.Piece] {
        var pieces: [FollowedFile.Piece] = []
        while let piece = try file.next() { pieces.append(piece) }
        return pieces
    }

    private static func bytes(_ text: String) -> FollowedFile.Piece { .bytes(Array(text.utf8)) }

    @Test
    func `what is appended comes once`() throws {
        let file = FollowedFile(path: path("log"))

        #expect(try Self.all(file).isEmpty, "it is not there yet")
        try append("a", to: "log")
        #expect(try Self.all(file) == [Self.bytes("a")])
        #expect(try Self.all(file).isEmpty)
        try append("bc", to: "log")
        #expect(try Self.all(file) == [Self.bytes("bc")])
    }

    @Test
    func `pieces have a megabyte at most`() throws {
        try append(String(repeating: "x", count: 2_500_000), to: "log")

        let sizes = try Self.all(FollowedFile(path: path("log"))).map { piece in
            if case .bytes(let bytes) = piece { bytes.count } else { 0 }
        }
        #expect(sizes == [1 << 20, 1 << 20, 2_500_000 - 2 << 20])
    }

    @Test
    func `a file that became smaller starts over`() throws {
        let file = FollowedFile(path: path("log"))
        try append("abcdef", to: "log")
        _ = try Self.all(file)
        try rewrite("xyz", in: "log")

        #expect(try Self.all(file) == [.restarted, Self.bytes("xyz")])
    }

    @Test
    func `a file that was written again and is larger starts over unless it begins as before`() throws {
        let file = FollowedFile(path: path("log"))
        try append("abc", to: "log")
        _ = try Self.all(file)
        try rewrite("xbcdef", in: "log")
        #expect(try Self.all(file) == [.restarted, Self.bytes("xbcdef")])

        try rewrite("xbcdefgh", in: "log")
        #expect(try Self.all(file) == [Self.bytes("gh")])
    }

    @Test
    func `the rest of a file comes before the one that replaces it`() throws {
        let file = FollowedFile(path: path("log"))
        try append("abc", to: "log")
        _ = try Self.all(file)
        try append("def", to: "log")
        try FileManager.default.moveItem(atPath: path("log"), toPath: path("log.1"))
        #expect(try Self.all(file) == [Self.bytes("def")])

        try append("", to: "log")
        #expect(try Self.all(file).isEmpty, "an empty file is nothing yet")
        try append("ghi", to: "log.1")
        #expect(try Self.all(file) == [Self.bytes("ghi")])
        try append("new", to: "log")
        #expect(try Self.all(file) == [.replaced, Self.bytes("new")])
    }

    @Test
    func `a folder, a pipe and a device are refused without waiting`() throws {
        #expect(mkfifo(path("pipe"), 0o600) == 0)
        for (path, word) in [(folder.path, "a folder"), (path("pipe"), "a pipe"), ("/dev/null", "a device")] {
            let file = FollowedFile(path: path)
            let error = #expect(throws: FollowError.self) { try file.next() }
            #expect(error?.description == "\(path) is \(word); a file that grows is needed")
        }
    }

    @Test
    func `a table that grows, is replaced and is written again gives its rows`() throws {
        let file = FollowedTextFile(path: path("log.csv"), isNew: false)
        var steps: [Int64?] = []
        var notices = 0
        func poll() {
            while file.poll({ item in
                if case .line(let line) = item { steps.append(line.step) }
                if case .notice = item { notices += 1 }
            }) {}
        }
        try append("step,loss\n0,1\n1,", to: "log.csv")
        poll()
        #expect(steps == [0])
        try append("0.5\n2,0.1", to: "log.csv")
        poll()
        #expect(steps == [0, 1])
        try FileManager.default.moveItem(atPath: path("log.csv"), toPath: path("log.csv.1"))
        try append("step,other\n3,1\n", to: "log.csv")
        poll()
        #expect(steps == [0, 1, 2, 3])
        try rewrite("step,a\n0,1\n", in: "log.csv")
        poll()
        #expect(steps == [0, 1, 2, 3, 0])
        #expect(notices == 2)
    }

    @Test
    func `rows that were there before the run are not its own`() throws {
        try append("step,loss\n0,1\n1,0.5\n", to: "log.csv")
        let file = FollowedTextFile(path: path("log.csv"), isNew: true)
        var lines: [LoggedLine] = []
        func poll() { while file.poll({ if case .line(let line) = $0 { lines.append(line) } }) {} }
        poll()
        #expect(lines.isEmpty)
        try append("2,0.25\n", to: "log.csv")
        poll()

        #expect(lines == [LoggedLine(step: 2, values: [LoggedEntry("loss", .real(0.25))])])
        #expect(file.counts.lines == 1)
    }
}
