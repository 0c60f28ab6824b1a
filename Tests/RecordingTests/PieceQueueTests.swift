import Foundation
import TestSupport
import Testing
import Tracking

@testable import Recording

/// Pieces from one thread to another, in memory and through a file.
struct PieceQueueTests {
    private let folder = FileManager.default.temporaryDirectory.path

    private func piece(_ number: Int, size: Int = 10) -> Piece {
        Piece(.descriptor, at: Double(number), [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: size))
    }

    private func rest(_ queue: PieceQueue) -> [Piece] {
        var pieces: [Piece] = []
        while let next = queue.next(within: 5) { pieces += next }
        return pieces
    }

    @Test(arguments: [1000, 60, 15, 1])
    func `pieces come in their order, however little memory there is`(limit: Int) {
        let queue = PieceQueue(folder: folder, limit: limit)
        let sent = (0..<50).map { piece($0, size: $0 % 13) }
        var received: [Piece] = []
        for (index, piece) in sent.enumerated() {
            queue.add(piece)
            if index % 7 == 6 { received += queue.next(within: 0) ?? [] }
        }
        queue.close()

        #expect(received + rest(queue) == sent)
        #expect((queue.counts.spooledBytes > 0) == (limit < 60))
        #expect(queue.counts.spoolFailure == nil)
    }

    @Test
    func `without a file the writer waits until there is room`() async throws {
        let queue = PieceQueue(folder: "/nowhere", limit: 10)
        queue.add(piece(1))
        let writer = Task.detached { [self] in
            queue.add(piece(2))
            queue.close()
        }
        while queue.counts.spoolFailure == nil { try await Task.sleep(for: .milliseconds(5)) }

        #expect(queue.next(within: 5) == [piece(1)])
        #expect(rest(queue) == [piece(2)])
        await writer.value
    }

    @Test
    func `an empty queue says so, and a closed one ends`() {
        let queue = PieceQueue(folder: folder)
        #expect(queue.next(within: 0) == [])
        queue.close()
        #expect(queue.next(within: 5) == nil)
    }

    @Test
    func `what is discarded is gone, and what comes later too`() {
        let queue = PieceQueue(folder: folder, limit: 15)
        for number in 0..<5 { queue.add(piece(number)) }
        queue.discardAll()
        queue.add(piece(6))
        queue.close()

        #expect(queue.next(within: 5) == nil)
    }

    @Test
    func `of a stream its first and last bytes are kept`() {
        for count in [0, 10, StreamTail.headSize, StreamTail.headSize + StreamTail.tailSize, 3_000_001] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
            var tail = StreamTail("stdout")
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = rest.prefix(1 + Int(rest.startIndex) % 70_001)
                tail.add(Array(part))
                rest = rest.dropFirst(part.count)
            }
            let excerpt = tail.excerpt
            #expect(excerpt.byteCount == Int64(count))
            #expect(excerpt.head == Array(bytes.prefix(StreamTail.headSize)))
            #expect(excerpt.tail == Array(bytes.dropFirst(StreamTail.headSize).suffix(StreamTail.tailSize)))
        }
    }
}
