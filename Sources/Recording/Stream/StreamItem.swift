/// What a stream of the protocol holds next.
package enum StreamItem: Sendable, Equatable {
    /// A line, or a frame as the line that it stands for.
    case line(LoggedLine)
    /// Bytes that are neither, at most ``UnreadableBytes/keptSize`` of them.
    case unreadable(UnreadableBytes)
}

/// Bytes of a stream that say nothing of the protocol.
package struct UnreadableBytes: Sendable, Equatable {
    /// Nobody needs more to see what it was.
    package static let keptSize = 64 << 10

    /// Their beginning, with U+FFFD for what is no Unicode.
    package let text: String
    /// As the end of a sentence such as "a line was not recorded: …".
    package let reason: String

    init(_ bytes: UnsafeRawBufferPointer, _ reason: String) {
        var repairs = 0
        text = RepairedText(bytes.prefix(Self.keptSize), &repairs).text
        self.reason = reason
    }
}

/// What went through a stream.
package struct StreamCounts: Sendable, Equatable {
    package var lines = 0
    package var frames = 0
    /// Lines, or their torn beginnings, that are no JSON object.
    package var unreadableLines = 0
    /// Lines longer than the limit, of which the end was skipped, but for an object of its own.
    package var cutLines = 0
    /// Frames whose keys nobody declared; what follows them is skipped up to the next line with an object.
    package var undeclaredFrames = 0
    /// Frames with a step below 0.
    package var refusedFrames = 0
    /// Frames of which the end is missing.
    package var incompleteFrames = 0
    package var skippedBytes = 0
}
