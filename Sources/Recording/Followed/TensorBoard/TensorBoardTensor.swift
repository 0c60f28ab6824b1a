/// A tensor of one element: `tensorflow/core/framework/tensor.proto`.
///
/// Its element stands in `tensor_content`, little-endian, or in the list of its type; where neither has one it is 0.
struct TensorBoardTensor {
    private(set) var content = TensorBoardValue.Content.media

    private enum Kind: Int64 {
        case float = 1
        case double = 2
        case int32 = 3
        case uint8 = 4
        case int16 = 5
        case int8 = 6
        case string = 7
        case int64 = 9
        case bool = 10
        case uint16 = 17
        case uint32 = 22
        case uint64 = 23

        /// Bytes of an element in `tensor_content`.
        var size: Int {
            switch self {
            case .uint8, .int8, .bool: 1
            case .int16, .uint16: 2
            case .float, .int32, .uint32: 4
            case .double, .int64, .uint64: 8
            case .string: 0
            }
        }

        /// The field of the list of its type.
        var list: UInt32 {
            switch self {
            case .float: 5
            case .double: 6
            case .int32, .uint8, .int16, .int8, .uint16: 7
            case .string: 8
            case .int64: 10
            case .bool: 11
            case .uint32: 16
            case .uint64: 17
            }
        }
    }

    /// Nil where the bytes are no tensor.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var kind: Kind?
        var elements: Int? = 1
        var raw: UnsafeRawBufferPointer?
        var fields = WireReader(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: kind = field.value.integer.flatMap(Kind.init)
            case 2:
                guard let shape = field.value.message else { return nil }
                elements = Self.elementCount(shape)
            case 4: raw = field.value.message
            default: continue
            }
        }
        if fields.isDamaged { return nil }
        guard let kind, elements == 1 else { return }
        if kind == .string {
            content = Self.text(bytes).map { .text($0) } ?? .nothing
        } else if let raw, !raw.isEmpty {
            if raw.count == kind.size { content = Self.number(kind, Self.bits(raw)) }
        } else {
            guard let bits = Self.listed(kind, bytes) else { return }
            content = Self.number(kind, bits)
        }
    }

    // MARK: - Internals

    /// Nil where the product is beyond 64 bits, or unknown.
    private static func elementCount(_ shape: UnsafeRawBufferPointer) -> Int? {
        var count = 1
        var fields = WireReader(shape)
        while let field = fields.next() {
            guard field.number == 2, let dimension = field.value.message else { continue }
            var size = 0
            var values = WireReader(dimension)
            while let value = values.next() {
                if value.number == 1, let given = value.value.integer { size = Int(given) }
            }
            let (product, isBeyond) = count.multipliedReportingOverflow(by: size)
            if isBeyond || size < 0 { return nil }
            count = product
        }
        return count
    }

    private static func text(_ tensor: UnsafeRawBufferPointer) -> String? {
        var fields = WireReader(tensor)
        while let field = fields.next() {
            if field.number == Kind.string.list { return field.value.text }
        }
        return nil
    }

    private static func bits(_ raw: UnsafeRawBufferPointer) -> UInt64 {
        raw.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The bits of the first element in the list of its type, 0 if it is empty; nil where there are several or it is damaged.
    private static func listed(_ kind: Kind, _ tensor: UnsafeRawBufferPointer) -> UInt64? {
        var found: UInt64?
        var fields = WireReader(tensor)
        while let field = fields.next() {
            guard field.number == kind.list else { continue }
            if found != nil { return nil }
            switch field.value {
            case .varint(let bits): found = bits
            case .fixed32(let bits): found = UInt64(bits)
            case .fixed64(let bits): found = bits
            case .bytes(let packed):
                if packed.isEmpty { continue }
                var values = WireReader(packed)
                switch kind {
                case .float: found = values.fixed32().map(UInt64.init)
                case .double: found = values.fixed64()
                default: found = values.varint()
                }
                guard found != nil, values.isAtEnd else { return nil }
            }
        }
        return found ?? 0
    }

    private static func number(_ kind: Kind, _ bits: UInt64) -> TensorBoardValue.Content {
        switch kind {
        case .float:
            .value(.real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))), .float32)
        case .double: .value(.real(Double(bitPattern: bits)), .float64)
        case .int8: .value(.integer(Int64(Int8(truncatingIfNeeded: bits))), .integer)
        case .int16: .value(.integer(Int64(Int16(truncatingIfNeeded: bits))), .integer)
        case .int32: .value(.integer(Int64(Int32(truncatingIfNeeded: bits))), .integer)
        case .uint8: .value(.integer(Int64(UInt8(truncatingIfNeeded: bits))), .integer)
        case .uint16: .value(.integer(Int64(UInt16(truncatingIfNeeded: bits))), .integer)
        case .uint32: .value(.integer(Int64(UInt32(truncatingIfNeeded: bits))), .integer)
        case .int64: .value(.integer(Int64(bitPattern: bits)), .integer)
        case .bool: .value(.integer(bits == 0 ? 0 : 1), .integer)
        // As a larger integer of a line.
        case .uint64: .value(Int64(exactly: bits).map(LoggedValue.integer) ?? .real(Double(bits)), .integer)
        case .string: .media
        }
    }
}
