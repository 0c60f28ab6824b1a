import Foundation
import TestSupport
import Testing

@testable import Hashing

struct SHA256Tests {
    private static let vectors = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors")

    @Test(arguments: [("SHA256ShortMsg.rsp", 65), ("SHA256LongMsg.rsp", 64)])
    func `every message of NIST has its digest`(file: String, count: Int) throws {
        let fields = try Self.fields(of: file)
        #expect(fields.count == 3 * count)
        for index in stride(from: 0, to: fields.count, by: 3) {
            let bits = try #require(Int(fields[index]))
            let message = try bytes(fields[index + 1]).prefix(bits / 8)
            #expect(SHA256.hash(message) == (try bytes(fields[index + 2])), "Len = \(bits)")
        }
    }

    @Test func `the first of NIST's chained digests are the same`() throws {
        let fields = try Self.fields(of: "SHA256Monte.rsp")
        var seed = try bytes(try #require(fields.first))
        // A hundred of a thousand digests each; ten of them without optimization.
        let count = TestTier.isLong ? 100 : 10
        for index in 0..<count {
            var last = [seed, seed, seed]
            for _ in 0..<1000 {
                last = [last[1], last[2], SHA256.hash(last.joined())]
            }
            seed = last[2]
            #expect(seed == (try bytes(fields[index + 1])), "COUNT = \(index)")
        }
    }

    @Test func `bytes may come in parts of any size`() {
        let seed = TestTier.seed
        var random = SplitMix(seed: seed)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var hash = SHA256()
            var start = 0
            while start < bytes.count {
                let end = Int.random(in: start...bytes.count, using: &random)
                hash.update(Array(bytes[start..<end]))
                // Looking at what is there so far changes nothing.
                if Bool.random(using: &random) { #expect(hash.digest == SHA256.hash(bytes[..<end])) }
                start = end
            }
            #expect(hash.digest == SHA256.hash(bytes), "seed \(seed), \(bytes.count) bytes")
        }
    }

    @Test func `random bytes have the digest that sha256sum prints`() throws {
        let sum = try #require(Program.named("sha256sum"))
        let seed = TestTier.seed
        var random = SplitMix(seed: seed)
        let folder = FileManager.default.temporaryDirectory.appending(path: "sums-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var expected: [String] = []
        for index in 100..<300 {
            // Around the ends of blocks, and some that are long.
            let size =
                index < 290 ? Int.random(in: 0...200, using: &random) : Int.random(in: 0...100_000, using: &random)
            let bytes = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            try Data(bytes).write(to: folder.appending(path: "\(index)"))
            expected.append(SHA256.hash(bytes).map { String(format: "%02x", $0) }.joined() + "  \(index)")
        }
        let printed = try sum.run((100..<300).map(String.init), in: folder).output
        #expect(printed.split(separator: "\n").map(String.init) == expected, "seed \(seed)")
    }

    // MARK: - Internals

    /// What stands behind each equals sign, but for the length of digests in brackets.
    private static func fields(of file: String) throws -> [String] {
        try String(contentsOf: vectors.appending(path: file), encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("[") && !$0.hasPrefix("#") && !$0.hasPrefix("COUNT") }
            .compactMap { $0.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespaces) } }
            .filter { !$0.isEmpty }
    }

    private func bytes(_ text: String) throws -> [UInt8] {
        let digits = Array(text.utf8)
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16))
        }
    }
}
