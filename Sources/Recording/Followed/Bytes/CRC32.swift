/// Checksums of 32 bits, of a polynomial whose bits are reversed.
///
/// Eight bytes at a time (Kounavis and Berry, "A systematic approach to building high performance software-based CRC generators",
/// 2005).
struct CRC32: Sendable {
    /// Castagnoli's, that of event files.
    static let castagnoli = CRC32(polynomial: 0x82F6_3B78)
    /// That of zip, gzip and PNG files.
    static let zip = CRC32(polynomial: 0xEDB8_8320)

    /// Eight tables of 256 one behind the other: the remainders of a byte with 0 to 7 zero bytes behind it.
    private let tables: [UInt32]

    private init(polynomial: UInt32) {
        var tables = (0..<UInt32(256)).map { byte in
            (0..<8).reduce(byte) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ polynomial : sum >> 1 }
        }
        for index in 256..<2048 {
            let before = tables[index - 256]
            tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
        }
        self.tables = tables
    }

    /// Of `bytes`, which follow on others of the checksum `before`.
    func checksum(_ bytes: UnsafeRawBufferPointer, after before: UInt32 = 0) -> UInt32 {
        var sum = ~before
        var place = 0
        tables.withUnsafeBufferPointer { tables in
            while bytes.count - place >= 8 {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)) ^ UInt64(sum)
                sum = 0
                for index in 0..<8 {
                    let byte = Int(truncatingIfNeeded: word >> UInt64(8 &* index) & 0xFF)
                    sum ^= tables[(7 &- index) &* 256 &+ byte]
                }
                place &+= 8
            }
            while place < bytes.count {
                sum = sum >> 8 ^ tables[Int((sum ^ UInt32(bytes[place])) & 0xFF)]
                place &+= 1
            }
        }
        return ~sum
    }

    func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { checksum($0) } }

    /// As event files store checksums, so that a checksum of bytes that hold one is no constant.
    static func masked(_ checksum: UInt32) -> UInt32 {
        (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }
}
