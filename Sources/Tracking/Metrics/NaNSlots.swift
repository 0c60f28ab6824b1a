import Foundation

/// The column `ieee_bytes` of a table of logged numbers: the NaNs of a row, which SQLite has as NULL.
///
/// Eight bytes for each column, in the order in which the columns were added: little-endian binary64 of a NaN, else zeros. A column that
/// came later than the row has no slot.
enum NaNSlots {
    /// The row's bytes with these NaNs in their slots; nil where there is none.
    static func bytes(_ present: Data?, setting numbers: [(slot: Int, value: Double)]) -> Data? {
        guard let last = numbers.map(\.slot).max() else { return present }
        var bytes = present ?? Data()
        if bytes.count < 8 * (last + 1) { bytes.append(Data(count: 8 * (last + 1) - bytes.count)) }
        for (slot, value) in numbers {
            withUnsafeBytes(of: value.bitPattern.littleEndian) {
                bytes.replaceSubrange(bytes.startIndex + 8 * slot..<bytes.startIndex + 8 * slot + 8, with: $0)
            }
        }
        return bytes
    }

    /// The NaN of a column that is NULL; nil where it was not logged.
    static func value(_ bytes: Data?, slot: Int) -> Double? {
        guard let bytes, bytes.count >= 8 * slot + 8 else { return nil }
        let pattern = bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8 * slot, as: UInt64.self))
        }
        let value = Double(bitPattern: pattern)
        return value.isNaN ? value : nil
    }

    /// The bytes without slots of zeros behind the last NaN, which mean nothing; nil where they are only that.
    static func trimmed(_ bytes: Data?) -> Data? {
        guard var bytes, bytes.count % 8 == 0 else { return bytes }
        while bytes.suffix(8).allSatisfy({ $0 == 0 }), !bytes.isEmpty { bytes.removeLast(8) }
        return bytes.isEmpty ? nil : bytes
    }

    /// SQL: whether a row's bytes hold a NaN in this slot.
    ///
    /// Of a NULL column they hold nothing else than zeros or a NaN, whose last byte
    /// is this.
    static func isNaN(slot: Int) -> String {
        "substr(ieee_bytes, \(8 * slot + 8), 1) IN (x'7f', x'ff')"
    }
}
