/// Reads frames, each of which has the keys that its process declared for it.
///
/// Most frames have the list of the frame before, and then only the values of its line change.
struct FrameReader: Sendable {
    static let headerSize = 14

    fileprivate struct Layout {
        let process: UInt32
        let list: UInt8
        let size: Int
        /// Where the value of each entry of the line stands.
        var places: [Int] = []
        var timePlace: Int?
        var line = LoggedLine()

        init(_ keys: [LoggedKey?], process: UInt32, list: UInt8) {
            (self.process, self.list, size) = (process, list, FrameReader.headerSize + 8 * keys.count)
            line.processID = process
            for (index, key) in keys.enumerated() {
                guard let key else { continue }
                let place = FrameReader.headerSize + 8 * index
                // As in a line, the time is none of the metrics.
                if key.name == "time" {
                    timePlace = place
                } else {
                    places.append(place)
                    line.values.append(LoggedEntry(key, .real(0)))
                }
            }
        }
    }

    private var lists = KeyLists()
    /// That of the frame before.
    private var latest: Layout?

    mutating func declare(_ list: KeyList, by process: UInt32) {
        // Its uses were not counted.
        if let latest { _ = lists.keys(latest.list, of: latest.process) }
        latest = nil
        lists.declare(list, by: process)
    }

    /// The bytes of a frame with this header, which must be whole; nil where nobody declared the keys.
    @inline(__always)
    mutating func size(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let process = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
        if let latest, latest.process == process, latest.list == bytes[1] { return latest.size }
        return otherSize(process, bytes[1])
    }

    /// Gives the line for which a frame stands to `body`; false for a frame below step 0, or without a list.
    @inline(__always)
    mutating func read(_ bytes: UnsafeRawBufferPointer, _ body: (LoggedLine) -> Void) -> Bool {
        let step = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: Int64.self))
        guard step >= 0, size(bytes) == bytes.count, latest != nil else { return false }
        latest?.fill(step, bytes)
        if let latest { body(latest.line) }
        return true
    }

    // MARK: - Internals

    private mutating func otherSize(_ process: UInt32, _ list: UInt8) -> Int? {
        guard let keys = lists.keys(list, of: process) else { return nil }
        let layout = Layout(keys, process: process, list: list)
        latest = layout
        return layout.size
    }
}

extension FrameReader.Layout {
    @inline(__always)
    fileprivate mutating func fill(_ step: Int64, _ bytes: UnsafeRawBufferPointer) {
        line.step = step
        if let timePlace { line.time = Self.value(bytes, timePlace) }
        for index in places.indices { line.values[index].value = .real(Self.value(bytes, places[index])) }
    }

    @inline(__always)
    private static func value(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Double {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
    }
}
