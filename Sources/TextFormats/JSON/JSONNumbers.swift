package import Foundation

extension JSONEncoder.NonConformingFloatEncodingStrategy {
    /// What is no number of JSON as ``NumberText/json(_:)`` has it, so that it can be told from null, which is nothing.
    package static var words: Self {
        .convertToString(
            positiveInfinity: NumberText.json(.infinity), negativeInfinity: NumberText.json(-.infinity),
            nan: NumberText.json(.nan))
    }
}

extension JSONDecoder.NonConformingFloatDecodingStrategy {
    /// Reads those back.
    package static var words: Self {
        .convertFromString(
            positiveInfinity: NumberText.json(.infinity), negativeInfinity: NumberText.json(-.infinity),
            nan: NumberText.json(.nan))
    }
}
