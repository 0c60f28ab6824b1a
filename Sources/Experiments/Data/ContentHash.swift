import Crypto
import Tracking

/// SHA-256 as lowercase hexadecimal digits.
enum ContentHash {
    static func sha256(of bytes: some Sequence<UInt8>) -> String {
        Hexadecimal.text(SHA256.hash(data: Array(bytes)))
    }

    static func sha256(of text: String) -> String {
        sha256(of: Array(text.utf8))
    }
}
