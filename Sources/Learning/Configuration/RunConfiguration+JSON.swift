import Foundation

extension RunConfiguration {
    /// The one text of this configuration: keys sorted, no spaces, shortest numbers that read back exactly.
    package func canonicalJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The canonical text with the seed set to 0: runs that share it are replicates of each other.
    package func canonicalJSONIgnoringSeed() throws -> String {
        try onSeed(0).canonicalJSON()
    }

    /// Reads a configuration back from its text.
    package init(json: String) throws(LearningError) {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch let error as LearningError {
            throw error
        } catch {
            throw LearningError(
                .invalidConfiguration,
                "the configuration cannot be read (\(Self.reason(of: error))); "
                    + "give the JSON that a run stores in its column config")
        }
    }

    private static func reason(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the field '\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not JSON"
                : "the field '\(context.codingPath.map(\.stringValue).joined(separator: "."))' has no usable value"
        default: "it is not JSON"
        }
    }
}
