import Foundation
import TestSupport
import Testing
import TextFormats

@testable import Recording

/// Offline logs of the real W&B package, and its framing.
struct WandbTests {
    private let fixtures: LogFixtures

    init() throws {
        fixtures = try LogFixtures()
    }

    static func items(_ folder: WandbFolder) -> [FollowedItem] {
        var items: [FollowedItem] = []
        while folder.poll({ items.append($0) }) {}
        return items
    }

    private static func lines(_ items: [FollowedItem]) -> [LoggedLine] {
        items.compactMap { if case .line(let line) = $0 { line } else { nil } }
    }

    static func check(_ fixtures: LogFixtures) throws {
        let expected = fixtures.expected.wandb
        let folder = WandbFolder(path: fixtures.folder.path, isNew: false)
        let items = items(folder)
        let rows = lines(items).filter { !$0.values.isEmpty }

        #expect(rows.map(\.step) == expected.lines.map(\.step))
        #expect(rows.map { $0.time?.bitPattern } == expected.lines.map(\.time))
        for (row, line) in zip(rows, expected.lines) {
            let values = Dictionary(uniqueKeysWithValues: row.values.map { ($0.key.name, $0.value) })
            #expect(values == line.values.mapValues(\.value), "step \(line.step)")
        }
        #expect(folder.counts.media == expected.media)
        #expect(folder.counts.damaged == 0)
        #expect(folder.counts.refused == 0)

        let runs = items.compactMap { if case .run(let run) = $0 { run } else { nil } }
        #expect(
            runs.last
                == FollowedRun(
                    identifier: expected.run["identifier"], name: expected.run["name"],
                    project: expected.run["project"]))
        let declarations = lines(items).flatMap(\.declarations)
        #expect(declarations.contains(.tags(["one", "two"])))
        #expect(declarations.contains(.note("a note")))
        #expect(
            declarations.last
                == .end(LoggedEnd(state: .failed, reason: "W&B's log says that it ended with \(expected.exit)")))
        let summaries = declarations.compactMap { if case .summary(let entries) = $0 { entries } else { nil } }
        let summary = Dictionary(
            uniqueKeysWithValues: try #require(summaries.first).map { ($0.key.name, $0.value) })
        #expect(summaries.count == 1)
        for (key, value) in expected.summary { #expect(summary[key] == value.value, "\(key)") }

        let settings = declarations.flatMap { declaration -> [JSONValue.Member] in
            if case .config(let members) = declaration { members } else { [] }
        }
        #expect(settings.contains(JSONValue.Member(name: "lr", value: .number("0.001"))))
        #expect(settings.contains(JSONValue.Member(name: "layers", value: .list([.number("1"), .number("2")]))))
        #expect(settings.contains(JSONValue.Member(name: "none", value: .word("null"))))
        #expect(settings.contains(JSONValue.Member(name: "on", value: .word("true"))))
        #expect(settings.contains(JSONValue.Member(name: "later", value: .number("5"))))
        #expect(!settings.contains { $0.name == "_wandb" })
    }

    @Test
    func `the log of the real package gives what was logged`() throws {
        try Self.check(fixtures)
    }

    @Test
    func `a log that grows gives the same, byte by byte`() throws {
        let bytes = try fixtures.bytes("run.wandb")
        func items(by size: Int) -> [FollowedItem] {
            var reader = WandbReader()
            var items: [FollowedItem] = []
            for place in stride(from: 0, to: bytes.count, by: size) {
                Array(bytes[place..<min(bytes.count, place + size)]).withUnsafeBytes {
                    reader.read($0) { if case .item(let item) = $0 { items.append(item) } }
                }
            }
            return items
        }

        #expect(items(by: 1) == items(by: 10_000_000))
        #expect(!items(by: 1).isEmpty)
    }

    @Test
    func `logs that are there belong to other runs, if the run is new`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wandb-\(UUID().uuidString)")
        let old = folder.appending(path: "offline-run-1")
        try FileManager.default.createDirectory(at: old, withIntermediateDirectories: true)
        try Data(fixtures.bytes("run.wandb")).write(to: old.appending(path: "run-1.wandb"))
        let follower = WandbFolder(path: folder.path, isNew: true)
        #expect(Self.items(follower).isEmpty)

        let new = folder.appending(path: "offline-run-2")
        try FileManager.default.createDirectory(at: new, withIntermediateDirectories: true)
        try Data(fixtures.bytes("run.wandb")).write(to: new.appending(path: "run-2.wandb"))
        #expect(!Self.items(follower).isEmpty)
        #expect(follower.file == new.appending(path: "run-2.wandb").path)
        #expect(Self.items(WandbFolder(path: folder.path, isNew: false)).count == 1, "of two logs none is taken")
    }

    // MARK: - Framing

    /// Records as LevelDB's writer cuts them.
    static func log(_ records: [[UInt8]]) -> [UInt8] {
        var log: [UInt8] = [0x3A, 0x57, 0x26, 0x42, 0xE1, 0xBE, 0]
        for record in records {
            var rest = record[...]
            var isFirst = true
            repeat {
                var left = WandbRecords.blockSize - log.count % WandbRecords.blockSize
                if left < 7 {
                    log += [UInt8](repeating: 0, count: left)
                    left = WandbRecords.blockSize
                }
                let data = rest.prefix(left - 7)
                rest = rest.dropFirst(data.count)
                let kind: UInt8 = isFirst ? rest.isEmpty ? 1 : 2 : rest.isEmpty ? 4 : 3
                isFirst = false
                let checksum = CRC32.zip.checksum([kind] + data)
                log += withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
                log += [UInt8(data.count & 0xFF), UInt8(data.count >> 8), kind]
                log += data
            } while !rest.isEmpty
        }
        return log
    }

    private static func read(_ log: [UInt8], size: () -> Int) -> (records: [[UInt8]], damaged: Int, hasRest: Bool) {
        var reader = WandbRecords()
        var records: [[UInt8]] = []
        var damaged = 0
        var place = 0
        while place < log.count {
            let end = min(log.count, place + size())
            Array(log[place..<end]).withUnsafeBytes { bytes in
                reader.read(bytes) { item in
                    switch item {
                    case .record(let bytes): records.append(Array(bytes))
                    case .damaged: damaged += 1
                    default: break
                    }
                }
            }
            place = end
        }
        return (records, damaged, reader.hasRest)
    }

    @Test
    func `records go over blocks, whatever their sizes`() {
        var generator = SplitMix(seed: TestTier.seed)
        for _ in 0..<(TestTier.isLong ? 300 : 20) {
            let records = (0..<12).map { index in
                let size = [0, 1, 20, 5000, 32_740, 32_761, 32_754, 100_000].randomElement(using: &generator) ?? 0
                return [UInt8](repeating: UInt8(index), count: size + Int(generator.next() % 9))
            }
            let found = Self.read(Self.log(records)) { 1 + Int(generator.next() % 3000) }

            #expect(found.records == records, "seed \(TestTier.seed)")
            #expect(found.damaged == 0)
            #expect(!found.hasRest)
        }
    }

    @Test
    func `behind damage reading goes on at the next block`() {
        let records = (0..<100).map { [UInt8](repeating: UInt8($0), count: 1000) }
        var log = Self.log(records)
        log[5000] ^= 1
        let found = Self.read(log) { 4096 }

        // Those before it, and those that begin in later blocks.
        #expect(found.records == Array(records[..<4] + records[33...]))
        #expect(found.damaged == 1)
    }

    @Test
    func `what is no log of W&B is refused`() {
        for (bytes, reason) in [
            ([UInt8](repeating: 0, count: 20), "it does not begin as a log of W&B"),
            ([0x3A, 0x57, 0x26, 0x42, 0xE1, 0xBE, 7, 0], "it is a log of W&B of version 7; 0 is the only one known"),
        ] {
            var reader = WandbReader()
            var stops: [String] = []
            bytes.withUnsafeBytes { reader.read($0) { if case .stopped(let reason) = $0 { stops.append(reason) } } }
            #expect(stops == [reason])
        }
    }

    @Test
    func `media are left out where they are nested, and others stay`() {
        var values = WandbValues()
        func add(_ names: [String], _ json: String) {
            var bytes: [UInt8] = []
            for name in names { bytes += [0x12, UInt8(name.utf8.count)] + name.utf8 }
            bytes += [0x82, 0x01, UInt8(json.utf8.count)] + json.utf8
            bytes.withUnsafeBytes { if let item = WandbItem($0) { values.add(item) } }
        }
        add(["a", "b", "_type"], "\"image-file\"")
        add(["a", "b", "size"], "3")
        add(["a", "c"], "1")
        add(["list"], "[{\"_type\": \"table\", \"x\": {\"_type\": \"y\"}}, 2]")
        add(["_type"], "\"kept\"")
        add(["bad"], "{")
        add(["behind"], "1 2")

        #expect(values.removeMedia() == 2)
        #expect(values.entries.map(\.key.name) == ["a/c", "list/1", "_type"])
        #expect(values.refusals.count == 2)
    }
}
