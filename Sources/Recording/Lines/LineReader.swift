/// Reads lines of the recording protocol: one JSON object each, in which every key is a metric but for a few.
///
///     {"step": 3, "train/loss": 0.25, "lr": 1e-3, "@note": "warm"}
///
/// Exact: an integer literal that fits is a 64-bit integer, any other number the nearest double, and the words and strings NaN,
/// Infinity and -Infinity are numbers. Nested objects and lists are flat, with `/` between names. Of two values for one key the
/// first is kept.
///
/// A line costs one array and its texts; keys of the lines before are not made again.
package struct LineReader: Sendable {
    package static let largestDepth = 64

    /// Behind a longer line, its values are not kept for the next one.
    private static let usualSize = 64 << 10

    private var memory = LineMemory()

    package init() {}

    /// What a line says, without its line feed; throws where it is no JSON object.
    package mutating func read(_ bytes: UnsafeRawBufferPointer) throws(LineError) -> LoggedLine {
        var reading = LineReading(bytes)
        // What is kept must not be copied when it changes.
        swap(&reading.memory, &memory)
        defer {
            swap(&reading.memory, &memory)
            if bytes.count > Self.usualSize { memory.values = EntryList() }
        }
        return try reading.read()
    }

    /// What a line says, without its line feed; throws where it is no JSON object.
    package mutating func read(_ bytes: [UInt8]) throws(LineError) -> LoggedLine {
        var result: Result<LoggedLine, LineError> = .failure(LineError("it is empty"))
        bytes.withUnsafeBytes { bytes in
            do throws(LineError) {
                result = .success(try read(bytes))
            } catch {
                result = .failure(error)
            }
        }
        return try result.get()
    }

    /// What a line says, without its line feed; throws where it is no JSON object.
    package mutating func read(_ text: String) throws(LineError) -> LoggedLine {
        try read(Array(text.utf8))
    }
}
