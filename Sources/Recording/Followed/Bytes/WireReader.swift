/// Reads the fields of one protocol buffer message.
///
/// Nothing is copied, nothing recurses, and each field takes at least a byte: the time is bounded by the size. Valid as long as the
/// bytes are.
struct WireReader {
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A text, bytes, a message, or packed numbers.
        case bytes(UnsafeRawBufferPointer)
    }

    struct Field {
        let number: UInt32
        let value: Value
    }

    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    /// Whether the bytes are no message; there is no field behind such a place.
    private(set) var isDamaged = false

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place >= bytes.count }

    /// The next field, or nil at the end or where the bytes are no message.
    mutating func next() -> Field? {
        guard !isDamaged, !isAtEnd else { return nil }
        guard let tag = varint(), let key = UInt32(exactly: tag), key >> 3 > 0, let value = value(key & 7) else {
            isDamaged = true
            return nil
        }
        return Field(number: key >> 3, value: value)
    }

    // MARK: - Packed numbers

    mutating func varint() -> UInt64? {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while place < bytes.count, shift < 64 {
            let byte = bytes[place]
            place += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
        }
        return nil
    }

    mutating func fixed32() -> UInt32? {
        guard bytes.count - place >= 4 else { return nil }
        defer { place += 4 }
        return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
    }

    mutating func fixed64() -> UInt64? {
        guard bytes.count - place >= 8 else { return nil }
        defer { place += 8 }
        return UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    }

    // MARK: - Internals

    /// Groups, which nobody writes any more, are no value.
    private mutating func value(_ type: UInt32) -> Value? {
        switch type {
        case 0: return varint().map(Value.varint)
        case 1: return fixed64().map(Value.fixed64)
        case 2:
            guard let size = varint(), size <= UInt64(bytes.count - place) else { return nil }
            let start = place
            place += Int(size)
            return .bytes(UnsafeRawBufferPointer(rebasing: bytes[start..<place]))
        case 5: return fixed32().map(Value.fixed32)
        default: return nil
        }
    }
}

extension WireReader.Value {
    var message: UnsafeRawBufferPointer? { if case .bytes(let bytes) = self { bytes } else { nil } }

    /// What is no UTF-8 becomes U+FFFD.
    var text: String? { message.map { String(decoding: $0, as: UTF8.self) } }

    var integer: Int64? { if case .varint(let bits) = self { Int64(bitPattern: bits) } else { nil } }

    var double: Double? { if case .fixed64(let bits) = self { Double(bitPattern: bits) } else { nil } }

    var float: Float? { if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil } }
}
