import Crypto
import Tracking

/// Finds the one changed bit of what has a recorded hash: turned back, the bytes have that hash again.
enum SingleBit {
    /// Beyond so many hashed bytes a search takes longer than a person waits.
    private static let largestSearch = 4_000_000_000

    /// The position of the bit, counted from the first byte's lowest, or nil if no single one among `bits` explains the
    /// hash; without `bits` it may be any.
    static func position(in bytes: [UInt8], among bits: Range<Int>? = nil, whoseHashWas recorded: String) -> Int? {
        let bits = bits ?? 0..<bytes.count * 8
        guard bits.count * bytes.count <= largestSearch, recorded.count == 64 else { return nil }
        let expected = Array(recorded.utf8)
        var bytes = bytes
        for position in bits {
            let mask: UInt8 = 1 << (position % 8)
            bytes[position / 8] ^= mask
            let hash = SHA256.hash(data: bytes)
            bytes[position / 8] ^= mask
            // The first byte rules out nearly all without making a text.
            if hash.starts(with: prefix(expected)), Hexadecimal.text(hash) == recorded { return position }
        }
        return nil
    }

    /// The numbers that have one bit turned, from the lowest bit on.
    static func neighbors<Number: FixedWidthInteger>(of number: Number) -> some Sequence<Number> {
        (0..<Number.bitWidth).lazy.map { number ^ (1 << $0) }
    }

    /// Whether the recorded hash itself is what changed: all but one of its digits are those of `computed`.
    static func isOneDigitOff(_ recorded: String, _ computed: String) -> Bool {
        let (a, b) = (Array(recorded.unicodeScalars), Array(computed.unicodeScalars))
        return a.count == b.count && zip(a, b).count { $0 != $1 } == 1
    }

    private static func prefix(_ digits: [UInt8]) -> [UInt8] {
        UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16).map { [$0] } ?? []
    }
}
