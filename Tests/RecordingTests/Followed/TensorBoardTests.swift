import Foundation
import TestSupport
import Testing

@testable import Recording

/// Event files of the real packages.
struct TensorBoardTests {
    private let fixtures: LogFixtures
    private let folder: URL

    init() throws {
        fixtures = try LogFixtures()
        folder = FileManager.default.temporaryDirectory.appending(path: "events-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private static func items(_ folder: TensorBoardFolder) -> [FollowedItem] {
        var items: [FollowedItem] = []
        while folder.poll({ items.append($0) }) {}
        return items
    }

    private static func lines(_ items: [FollowedItem]) -> [LogFixtures.Line] {
        items.flatMap { item -> [LogFixtures.Line] in
            guard case .line(let line) = item else { return [] }
            return line.values.map { LogFixtures.Line($0.key.name, line.step ?? -1, $0.value) }
        }
    }

    private static func precisions(_ items: [FollowedItem]) -> [String: String] {
        var found: [String: String] = [:]
        for case .precision(let key, let precision) in items { found[key] = precision.rawValue }
        return found
    }

    /// What whoever stores rows keeps: void values are taken back, and the first of a step stays.
    private static func stored(_ items: [FollowedItem]) -> Set<LogFixtures.Line> {
        var rows: [String: [Int64: LoggedValue]] = [:]
        for item in items {
            switch item {
            case .line(let line):
                for entry in line.values {
                    rows[entry.key.name, default: [:]][line.step ?? -1, default: entry.value] = entry.value
                }
            case .superseded(let key, let first): rows[key] = rows[key]?.filter { $0.key < first }
            default: continue
            }
        }
        return Set(rows.flatMap { key, steps in steps.map { LogFixtures.Line(key, $0.key, $0.value) } })
    }

    static func check(_ fixtures: LogFixtures) {
        for (name, expected) in [("restart", fixtures.expected.restart), ("tensors", fixtures.expected.tensors)] {
            let folder = TensorBoardFolder(path: fixtures.path(name), isNew: false)
            let items = items(folder)
            let lines = lines(items)
            #expect(Set(lines) == Set(expected.lines), "\(name)")
            #expect(lines.count == expected.lines.count, "\(name)")
            #expect(precisions(items) == expected.precision, "\(name)")
            #expect(folder.counts.superseded == expected.superseded)
            #expect(folder.counts.media == expected.media)
            #expect(folder.counts.refused == expected.refused ?? 0)
            #expect(folder.counts.damaged == 0)
            #expect(!items.contains { if case .superseded = $0 { true } else { false } }, "all of it was there")
        }
    }

    @Test
    func `event files of the real packages give what was logged, and the newest where they overlap`() {
        Self.check(fixtures)
    }

    @Test
    func `times are kept`() throws {
        let items = Self.items(TensorBoardFolder(path: fixtures.path("restart/validation/a"), isNew: false))
        let times = items.compactMap { item in if case .line(let line) = item { line.time } else { nil } }

        #expect(times == [Double](repeating: 1_700_000_030, count: 8))
    }

    @Test(arguments: 0..<UInt64(TestTier.isLong ? 100 : 10))
    func `a folder that is followed while runs restart says what is void`(seed: UInt64) throws {
        let follower = TensorBoardFolder(path: folder.path, isNew: false)
        var items = Self.items(follower)
        #expect(items.isEmpty)
        var generator = SplitMix(seed: TestTier.seed &+ seed)
        // Some in few pieces, some in many.
        let largest = 1 + generator.next() % 400
        for name in LogFixtures.eventFiles where name.hasPrefix("restart/") {
            let target = folder.appending(path: name.dropFirst("restart/".count))
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: target)
            let handle = try FileHandle(forWritingTo: target)
            let bytes = try fixtures.bytes(name)
            var place = 0
            while place < bytes.count {
                let end = min(bytes.count, place + 1 + Int(generator.next() % largest))
                try handle.write(contentsOf: Data(bytes[place..<end]))
                items += Self.items(follower)
                place = end
            }
            try handle.close()
        }

        #expect(Self.stored(items) == Set(fixtures.expected.restart.lines), "seed \(TestTier.seed)")
        let void = items.compactMap { item in
            if case .superseded(let key, let from) = item { "\(key) \(from)" } else { nil }
        }
        #expect(void.contains("train/loss 5"), "\(void)")
        #expect(void.contains("train/loss 9"), "\(void)")
        #expect(!void.contains { $0.hasPrefix("only-first") })
    }

    @Test
    func `files of an attempt before are not given, and what goes on from them voids what they gave`() throws {
        let (first, second) = (LogFixtures.eventFiles[0], LogFixtures.eventFiles[1])
        try Data(fixtures.bytes(first)).write(to: folder.appending(path: "a.tfevents.0"))
        let follower = TensorBoardFolder(path: folder.path, isNew: true)
        #expect(Self.items(follower).isEmpty)
        #expect(follower.counts == FollowedCounts())
        try Data(fixtures.bytes(second)).write(to: folder.appending(path: "a.tfevents.1"))
        let items = Self.items(follower)

        #expect(items.contains(.superseded(key: "train/loss", from: 5)))
        #expect(Self.lines(items).filter { $0.key == "train/loss" }.map(\.step) == Array(5..<10))
        #expect(items.contains(.precision(key: "train/loss", .float32)))
    }

    @Test
    func `a damaged length stops its file, and damaged data do not`() throws {
        let name = LogFixtures.eventFiles[1]
        let bytes = try fixtures.bytes(name)
        let whole = Self.read(bytes)
        #expect(whole.stops.isEmpty)

        var changed = bytes
        changed[12] ^= 1
        #expect(Self.read(changed).values == whole.values, "the first event holds no value")
        #expect(Self.read(changed).damaged == 1)
        changed = bytes
        changed[0] ^= 1
        #expect(Self.read(changed).values == 0)
        #expect(
            Self.read(changed).stops == [
                "the length of a record at byte 0 is damaged, so that nothing behind it can be read"
            ])
    }

    @Test
    func `a record of a gigabyte is passed over`() {
        let records = EventRecords.largestKept + 1
        var size = withUnsafeBytes(of: UInt64(records).littleEndian) { Array($0) }
        size += withUnsafeBytes(of: CRC32.masked(CRC32.castagnoli.checksum(size)).littleEndian) { Array($0) }
        var reader = EventRecords()
        var items: [String] = []
        func read(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { reader.read($0) { items.append(String("\($0)".prefix(6))) } }
        }
        read(size)
        for _ in 0..<(records + 4) / 65_536 { read([UInt8](repeating: 1, count: 65_536)) }
        read([UInt8](repeating: 1, count: (records + 4) % 65_536))
        #expect(!reader.hasRest)
        read(size)

        #expect(items == ["tooLar", "tooLar"])
    }

    @Test
    func `links, hidden folders and deep ones are not entered`() throws {
        let deep = "a/b/c/d/e/f/g/h/i"
        for name in ["run", ".hidden", "loop", deep] {
            let place = folder.appending(path: name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            try Data(fixtures.bytes(LogFixtures.eventFiles[4])).write(to: place.appending(path: "x.tfevents.1"))
        }
        try FileManager.default.removeItem(at: folder.appending(path: "loop/x.tfevents.1"))
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: "loop/again"), withDestinationURL: folder)

        let items = Self.items(TensorBoardFolder(path: folder.path, isNew: false))
        #expect(Set(Self.lines(items).map { $0.key.prefix(4) }) == ["run/"])
        #expect(items.contains { if case .notice = $0 { true } else { false } }, "a folder is too deep")
    }

    private static func read(_ bytes: [UInt8]) -> (values: Int, stops: [String], damaged: Int) {
        var reader = EventFileReader()
        var (values, stops) = (0, [String]())
        bytes.withUnsafeBytes { bytes in
            reader.read(bytes) { item in
                switch item {
                case .value: values += 1
                case .start: break
                case .stopped(let reason): stops.append(reason)
                }
            }
        }
        return (values, stops, reader.counts.damaged)
    }
}
