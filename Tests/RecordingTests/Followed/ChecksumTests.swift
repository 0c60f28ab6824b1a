import Testing

@testable import Recording

struct ChecksumTests {
    /// RFC 3720, B.4.
    @Test(
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8A91_36AA), ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
            ([UInt8](0..<32), 0x46DD_794E), ([UInt8]((0..<32).reversed()), 0x113F_DB5C),
            (Array("123456789".utf8), 0xE306_9283),
            ([], 0),
        ] as [([UInt8], UInt32)])
    func `Castagnoli's checksums are those that are published`(bytes: [UInt8], sum: UInt32) {
        #expect(CRC32.castagnoli.checksum(bytes) == sum)
    }

    @Test
    func `those of zip are, too`() {
        #expect(CRC32.zip.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.zip.checksum(Array("The quick brown fox jumps over the lazy dog".utf8)) == 0x414F_A339)
    }

    @Test
    func `a checksum goes on from the one before`() {
        let bytes = (0..<100).map { UInt8($0 * 7 & 0xFF) }
        for cut in 0...bytes.count {
            let sum = bytes.withUnsafeBytes { bytes in
                CRC32.zip.checksum(
                    UnsafeRawBufferPointer(rebasing: bytes[cut...]),
                    after: CRC32.zip.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<cut])))
            }
            #expect(sum == CRC32.zip.checksum(bytes))
        }
    }
}
