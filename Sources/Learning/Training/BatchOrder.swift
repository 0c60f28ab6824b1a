/// Which samples each step sees, and in which order.
struct BatchOrder {
    /// One step's samples.
    struct Batch {
        let epoch: Int
        /// Positions in the data; nil means all of them, in the data's own order.
        let indices: ArraySlice<Int>?
    }

    private let count: Int
    private var batchSize: BatchSize
    private let sampling: Sampling
    private var source: RandomSource
    private var permutation: [Int] = []
    private var position = 0
    private var epoch = -1

    /// - Precondition: a batch is not larger than the data.
    init(count: Int, batchSize: BatchSize, sampling: Sampling, source: RandomSource) {
        precondition(batchSize.resolved(of: count) <= count, "a batch of \(batchSize) out of \(count) samples")
        self.count = count
        self.batchSize = batchSize
        self.sampling = sampling
        self.source = source
    }

    mutating func next() -> Batch {
        switch (batchSize, sampling) {
        case (.full, _):
            epoch += 1
            return Batch(epoch: epoch, indices: nil)
        case (.samples(let size), .shuffled):
            return nextOfPermutation(size, of: count)
        case (.samples(let size), .shuffledDropLast):
            return nextOfPermutation(size, of: count - count % size)
        case (.samples(let size), .iid):
            return nextDrawn(size)
        }
    }

    /// Continues with batches of another size: the rest of an epoch's order is cut into those.
    mutating func change(to size: BatchSize) {
        precondition(size.resolved(of: count) <= count, "a batch of \(size) out of \(count) samples")
        let wasFull = batchSize == .full
        batchSize = size
        guard wasFull != (size == .full) else { return }
        // The count of epochs continues; those of independent draws are counted by their position.
        if sampling == .iid, !wasFull { epoch = position == 0 ? -1 : (position - 1) / count }
        permutation = []
        position = sampling == .iid ? (epoch + 1) * count : 0
    }

    /// The next batch of an epoch that sees so many samples.
    private mutating func nextOfPermutation(_ size: Int, of samplesPerEpoch: Int) -> Batch {
        if permutation.isEmpty || position >= samplesPerEpoch {
            permutation = source.permutation(count)
            position = 0
            epoch += 1
        }
        let end = min(position + size, samplesPerEpoch)
        defer { position = end }
        return Batch(epoch: epoch, indices: permutation[position..<end])
    }

    /// An epoch ends with the step by which as many samples as there are have been drawn.
    private mutating func nextDrawn(_ size: Int) -> Batch {
        let drawn = source.indices(below: count, count: size)
        defer { position += size }
        return Batch(epoch: position / count, indices: drawn[...])
    }
}
