import Crypto

/// The columns `x_checksum` and `y_checksum` of `dataset_rows`, by which each stored number says for itself whether it changed.
package enum SampleChecksum {
    /// The first 8 bytes of the SHA-256 of position and value, 8 bytes each; everything is little-endian.
    package static func of(_ value: Double, at position: Int) -> Int64 {
        var hasher = SHA256()
        withUnsafeBytes(of: Int64(position).littleEndian) { hasher.update(bufferPointer: $0) }
        withUnsafeBytes(of: value.bitPattern.littleEndian) { hasher.update(bufferPointer: $0) }
        return hasher.finalize().withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }
}
