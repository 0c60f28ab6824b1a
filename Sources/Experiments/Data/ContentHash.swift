import Crypto

/// SHA-256 as lowercase hexadecimal digits.
enum ContentHash {
    static func sha256(of bytes: some Sequence<UInt8>) -> String {
        let digest = SHA256.hash(data: Array(bytes))
        return digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    static func sha256(of text: String) -> String {
        sha256(of: Array(text.utf8))
    }
}
