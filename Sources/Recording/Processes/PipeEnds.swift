import Foundation

/// A pipe of which no other program inherits an end by accident.
struct PipeEnds {
    let reader: Int32
    let writer: Int32

    /// Nil where this process has no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reader, writer) = (ends[0], ends[1])
    }
}
