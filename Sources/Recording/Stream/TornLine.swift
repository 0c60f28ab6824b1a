/// A line that cannot be read, behind whose beginning another one may stand.
///
/// A writer that is killed leaves a line without its line feed, and the next writer's line follows at once:
///
///     {"step": 1, "a": 0.{"step": 2, "a": 0.5}
///
/// What reaches from a later `{"` to the line feed and is a whole object with a step is a line of its own; of the rest the same may
/// be said again.
enum TornLine {
    /// So often text is read as an object, so that no line takes longer than as many.
    static let largestAttempts = 16

    /// The parts of a line that was refused for `error`, in their order.
    static func parts(
        of bytes: UnsafeRawBufferPointer, _ error: LineError, _ reader: inout LineReader
    ) -> [StreamItem] {
        var attempts = largestAttempts
        var (rest, reason) = (bytes, error)
        // From the last one to the first.
        var parts: [StreamItem] = []
        while let (start, line) = lastObject(in: rest, &reader, &attempts) {
            parts.append(.line(line))
            rest = UnsafeRawBufferPointer(rebasing: rest[..<start])
            do throws(LineError) {
                parts.append(.line(try reader.read(rest)))
                return parts.reversed()
            } catch {
                reason = error
            }
        }
        parts.append(.unreadable(UnreadableBytes(rest, reason.description)))
        return parts.reversed()
    }

    /// The object behind the beginning of a line that was too long, of which `tail` is the end.
    static func object(
        at tail: UnsafeRawBufferPointer, _ reader: inout LineReader
    ) -> (start: Int, line: LoggedLine)? {
        var attempts = largestAttempts
        return object(in: tail, from: 0, &reader, &attempts)
    }

    // MARK: - Internals

    private static func lastObject(
        in bytes: UnsafeRawBufferPointer, _ reader: inout LineReader, _ attempts: inout Int
    ) -> (start: Int, line: LoggedLine)? {
        // Other text is output that went astray.
        guard bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
        return object(in: bytes, from: 1, &reader, &attempts)
    }

    /// Tries what is nearest to the end first: an object in another one fails at once, since a brace follows.
    private static func object(
        in bytes: UnsafeRawBufferPointer, from first: Int, _ reader: inout LineReader, _ attempts: inout Int
    ) -> (start: Int, line: LoggedLine)? {
        var start = bytes.count - 2
        while start >= first, attempts > 0 {
            if bytes[start] == UInt8(ascii: "{"), bytes[start + 1] == UInt8(ascii: "\"") {
                attempts -= 1
                let object = UnsafeRawBufferPointer(rebasing: bytes[start...])
                if let line = try? reader.read(object), line.step != nil { return (start, line) }
            }
            start -= 1
        }
        return nil
    }
}
