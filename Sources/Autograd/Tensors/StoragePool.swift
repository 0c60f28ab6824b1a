/// Storages that tensors of one thread have given back, ready for the next tensor of about the same size.
///
/// A training step makes the same tensors over and over; taking their storages from here costs a few instructions.
struct StoragePool {
    /// At most this many storages of a size wait; the rest are freed.
    private static let depth = 16
    /// The largest class holds 2^13 words (64 kB); larger storages are not pooled.
    private static let classes = 12
    private static let unpooled = -1

    private var waiting: UnsafeMutablePointer<TensorStorage?>
    private var counts: UnsafeMutablePointer<Int>

    init() {
        waiting = .allocate(capacity: Self.classes * Self.depth)
        waiting.initialize(repeating: nil, count: Self.classes * Self.depth)
        counts = .allocate(capacity: Self.classes)
        counts.initialize(repeating: 0, count: Self.classes)
    }

    /// Frees everything; the pool must not be used again.
    func destroy() {
        waiting.deinitialize(count: Self.classes * Self.depth)
        waiting.deallocate()
        counts.deallocate()
    }

    /// A storage for at least `byteCount` bytes, uninitialized, at version 0.
    @inline(__always)
    func take(byteCount: Int) -> TensorStorage {
        let words = (byteCount + 7) / 8
        // Classes hold 4, 8, 16, ... words.
        let sizeClass = words <= 4 ? 0 : Int.bitWidth - (words - 1).leadingZeroBitCount - 2
        guard sizeClass < Self.classes else { return Self.make(words: words, sizeClass: Self.unpooled) }
        let count = counts[sizeClass]
        guard count > 0, let storage = waiting[sizeClass * Self.depth + count - 1].take() else {
            return Self.make(words: 4 << sizeClass, sizeClass: sizeClass)
        }
        counts[sizeClass] = count - 1
        storage.version = 0
        return storage
    }

    /// Keeps `storage`, which nothing else uses any more, for later.
    @inline(__always)
    func give(_ storage: consuming TensorStorage) {
        let sizeClass = storage.sizeClass
        guard sizeClass >= 0, counts[sizeClass] < Self.depth else { return }
        (waiting + (sizeClass * Self.depth + counts[sizeClass])).pointee = storage
        counts[sizeClass] += 1
    }

    private static func make(words: Int, sizeClass: Int) -> TensorStorage {
        let buffer = TensorStorage.create(minimumCapacity: words) { _ in
            TensorStorage.Header(version: 0, sizeClass: sizeClass)
        }
        return unsafeDowncast(buffer, to: TensorStorage.self)
    }
}
