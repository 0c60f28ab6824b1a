import Foundation
import TestSupport
import Testing

@testable import Recording

/// Logs that are cut or changed anywhere.
struct HostileLogTests {
    private static let names = LogFixtures.eventFiles + ["run.wandb"]

    /// How many items the reader of a log gives.
    private static func read(_ bytes: ArraySlice<UInt8>, _ name: String) -> Int {
        var count = 0
        bytes.withUnsafeBytes { bytes in
            if name.hasSuffix("wandb") {
                var reader = WandbReader()
                reader.read(bytes) { _ in count += 1 }
                reader.finish { _ in count += 1 }
            } else {
                var reader = EventFileReader()
                reader.read(bytes) { _ in count += 1 }
            }
        }
        return count
    }

    @Test(arguments: names)
    func `a log that is cut anywhere gives a part of what it holds`(name: String) throws {
        let bytes = try LogFixtures().bytes(name)
        let whole = Self.read(bytes[...], name)
        // Reading each of them again takes a square of time.
        for count in stride(from: 0, through: bytes.count, by: TestTier.isLong ? 1 : 17) {
            #expect(Self.read(bytes.prefix(count), name) <= whole + 1)
        }
    }

    @Test(arguments: names)
    func `a byte that is changed neither traps nor hangs a reader`(name: String) throws {
        var bytes = try LogFixtures().bytes(name)
        let whole = Self.read(bytes[...], name)
        var generator = SplitMix(seed: TestTier.seed)
        for _ in 0..<(TestTier.isLong ? 20_000 : 500) {
            let place = Int(generator.next() % UInt64(bytes.count))
            let kept = bytes[place]
            bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            #expect(Self.read(bytes[...], name) <= whole + 1, "seed \(TestTier.seed)")
            bytes[place] = kept
        }
    }

    /// Checksums hide most of the messages from changes: here they are read without.
    @Test(arguments: names)
    func `messages with changed bytes neither trap nor hang`(name: String) throws {
        let bytes = try LogFixtures().bytes(name)
        var messages: [[UInt8]] = []
        bytes.withUnsafeBytes { bytes in
            if name.hasSuffix("wandb") {
                var records = WandbRecords()
                records.read(bytes) { if case .record(let bytes) = $0 { messages.append(Array(bytes)) } }
            } else {
                var records = EventRecords()
                records.read(bytes) { if case .record(let bytes) = $0 { messages.append(Array(bytes)) } }
            }
        }
        #expect(!messages.isEmpty)
        var generator = SplitMix(seed: TestTier.seed)
        for _ in 0..<(TestTier.isLong ? 20_000 : 500) {
            var message = messages.randomElement(using: &generator) ?? []
            for _ in 0...generator.next() % 3 where !message.isEmpty {
                message[Int(generator.next() % UInt64(message.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            let size = generator.next() % 4 == 0 ? Int(generator.next() % UInt64(message.count + 1)) : message.count
            let log = name.hasSuffix("wandb") ? Self.wandb(message.prefix(size)) : Self.event(message.prefix(size))
            #expect(Self.read(log[...], name) <= 10_000, "seed \(TestTier.seed)")
        }
    }

    @Test
    func `a message of nothing but fields is bounded`() {
        // A million empty values, and as many items.
        let values = [UInt8](repeating: 0, count: 1_000_000).flatMap { _ in [0x0A, 0x00] as [UInt8] }
        let summary = [0x2A] + Self.varint(values.count) + values
        #expect(Self.read(Self.event(summary[...])[...], "x") <= EventFileReader.largestCount)

        let history = [0x12] + Self.varint(values.count) + values
        #expect(Self.read(Self.wandb(history[...])[...], "x.wandb") <= 1)
    }

    @Test
    func `random bytes are no log`() {
        var generator = SplitMix(seed: TestTier.seed)
        for _ in 0..<1000 {
            let bytes = (0..<200).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            #expect(Self.read(bytes[...], "x") <= 1)
            #expect(Self.read(bytes[...], "x.wandb") <= 1)
        }
    }

    // MARK: - Logs of one message

    private static func varint(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F | 0x80))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    private static func event(_ message: ArraySlice<UInt8>) -> [UInt8] {
        func checksum(_ bytes: [UInt8]) -> [UInt8] {
            withUnsafeBytes(of: CRC32.masked(CRC32.castagnoli.checksum(bytes)).littleEndian) { Array($0) }
        }
        let size = withUnsafeBytes(of: UInt64(message.count).littleEndian) { Array($0) }
        return size + checksum(size) + message + checksum(Array(message))
    }

    static func wandb(_ message: ArraySlice<UInt8>) -> [UInt8] { WandbTests.log([Array(message)]) }
}
