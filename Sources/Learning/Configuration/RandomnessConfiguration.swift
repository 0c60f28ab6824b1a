/// Where a run's random numbers come from: one generator, seeded by the run's seed, that gives the data
/// (only if they have no seed of their own), the initial values and the order of samples, in this order.
package struct RandomnessConfiguration: Sendable, Hashable, Codable {
    /// Whose streams are reproduced.
    package enum Stream: String, Sendable, Codable, CaseIterable {
        case numpy
        case torch
    }

    package var stream: Stream
    /// A generator for the batch order alone; nil when it comes from the run's generator.
    package var batchOrder: BatchOrderSource?

    package init(stream: Stream, batchOrder: BatchOrderSource? = nil) {
        self.stream = stream
        self.batchOrder = batchOrder
    }

    private enum CodingKeys: String, CodingKey {
        case stream
        case batchOrder = "batch_order"
    }
}

/// A NumPy stream that shuffles batches while another stream gives data and initial values.
///
/// The chapter's section 2.9 draws with PyTorch and shuffles with NumPy, whose generator earlier sections
/// have already advanced by 102 samples.
package struct BatchOrderSource: Sendable, Hashable, Codable {
    /// The seed, or nil for the run's own.
    package var seed: UInt32?
    /// Samples drawn and thrown away before the first shuffle.
    package var skip: Int

    package init(seed: UInt32? = nil, skip: Int) {
        self.seed = seed
        self.skip = skip
    }
}
