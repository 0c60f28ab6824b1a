import Foundation

/// The column `ieee_bytes`: a row's doubles as SQLite cannot keep them.
///
/// SQLite turns NaN into NULL and -0.0 into 0.0. A row that holds either also holds all its doubles as little-endian
/// binary64, in the order of its REAL columns; in any other row `ieee_bytes` is NULL.
enum ExactReals {
    static func needsBytes(_ value: Double) -> Bool {
        value.isNaN || value.bitPattern == (-0.0).bitPattern
    }

    /// The `ieee_bytes` of a row with these doubles, or nil if SQLite keeps them.
    static func bytes(of values: [Double]) -> Data? {
        guard values.contains(where: needsBytes) else { return nil }
        return encode(values)
    }

    static func encode(_ values: some Collection<Double>) -> Data {
        var data = Data(capacity: 8 * values.count)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    /// So many doubles; nil where the bytes are not those of as many, because something changed them.
    static func decode(_ bytes: UnsafeRawBufferPointer, count: Int) -> [Double]? {
        guard bytes.count == 8 * count else { return nil }
        return stride(from: 0, to: bytes.count - 7, by: 8).map { offset in
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
    }

    static func decode(_ data: Data, count: Int) -> [Double]? {
        data.withUnsafeBytes { decode($0, count: count) }
    }
}
