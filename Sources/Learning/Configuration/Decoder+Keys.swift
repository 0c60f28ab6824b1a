import TextFormats

extension Decoder {
    /// An object's container, if the object has no other keys than these.
    ///
    /// - Throws: `LearningError` with the nearest key, because a setting that nobody reads is a typo.
    func container<Key: CodingKey>(keyedBy type: Key.Type, only keys: [Key]) throws -> KeyedDecodingContainer<Key> {
        let names = keys.map(\.stringValue)
        let found = try container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        if let unknown = found.filter({ !names.contains($0) }).min() {
            let field = (codingPath.map(\.stringValue) + [unknown]).joined(separator: ".")
            throw LearningError(
                .invalidConfiguration,
                "a configuration has no field '\(field)'\(NearestName.hint(for: unknown, among: names))",
                advice: "the fields there are \(names.joined(separator: ", "))")
        }
        return try container(keyedBy: type)
    }
}

extension KeyedDecodingContainer {
    /// A whole number; of one that does not fit, Foundation says neither where nor what it is.
    func whole<Number: FixedWidthInteger & Decodable>(_ type: Number.Type, forKey key: Key) throws -> Number {
        guard contains(key) else { return try decode(type, forKey: key) }
        guard let number = try? decode(type, forKey: key) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "no whole number")
        }
        return number
    }

    func wholeIfPresent<Number: FixedWidthInteger & Decodable>(_ type: Number.Type, forKey key: Key) throws -> Number? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        return try whole(type, forKey: key)
    }
}

/// Any key of an object.
private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}
