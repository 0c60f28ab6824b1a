package import TextFormats

/// Which samples a run is fitted to.
package enum DataConfiguration: Sendable, Hashable {
    /// The textbook chapter's data: x = linspace(-1, 1, samples), y = 3x^2 + 2 + noise * uniform.
    ///
    /// With a `seed` the noise has a generator of its own, so that runs with different seeds are replicates on
    /// the same data. Without one it comes first from the run's generator, as in the chapter.
    case chapter(samples: Int, noise: Double, seed: Int64?)
    /// Two columns of a file, named by the SHA-256 of its bytes so that the path does not matter, and read as the format
    /// says: other numbers of the same bytes are other data.
    case csv(contentHash: String, x: String, y: String, scale: Scale, format: CSVFormat = .plain)

    /// What is done to the columns of a file before training.
    package enum Scale: String, Sendable, Codable, CaseIterable {
        case none
        /// x is divided by its largest magnitude, y is standardized (mean 0, population standard deviation 1).
        case normalize
    }
}

extension DataConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case kind, samples, noise, seed, x, y, scale, format
        case contentHash = "content_hash"
    }

    private enum Kind: String, Codable {
        case chapter, csv
    }

    package init(from decoder: any Decoder) throws {
        var container = try decoder.container(
            keyedBy: CodingKeys.self, only: [.kind, .samples, .noise, .seed, .contentHash, .x, .y, .scale, .format])
        switch try container.decode(Kind.self, forKey: .kind) {
        case .chapter:
            container = try decoder.container(keyedBy: CodingKeys.self, only: [.kind, .samples, .noise, .seed])
            self = .chapter(
                samples: try container.whole(Int.self, forKey: .samples),
                noise: try container.decode(Double.self, forKey: .noise),
                seed: try container.wholeIfPresent(Int64.self, forKey: .seed))
        case .csv:
            container = try decoder.container(
                keyedBy: CodingKeys.self, only: [.kind, .contentHash, .x, .y, .scale, .format])
            if container.contains(.format) {
                _ = try container.superDecoder(forKey: .format).container(
                    keyedBy: CSVFormat.CodingKeys.self, only: CSVFormat.CodingKeys.allCases)
            }
            self = .csv(
                contentHash: try container.decode(String.self, forKey: .contentHash),
                x: try container.decode(String.self, forKey: .x),
                y: try container.decode(String.self, forKey: .y),
                scale: try container.decode(Scale.self, forKey: .scale),
                format: try container.decodeIfPresent(CSVFormat.self, forKey: .format) ?? .plain)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .chapter(let samples, let noise, let seed):
            try container.encode(Kind.chapter, forKey: .kind)
            try container.encode(samples, forKey: .samples)
            try container.encode(noise, forKey: .noise)
            try container.encodeIfPresent(seed, forKey: .seed)
        case .csv(let contentHash, let x, let y, let scale, let format):
            try container.encode(Kind.csv, forKey: .kind)
            try container.encode(contentHash, forKey: .contentHash)
            try container.encode(x, forKey: .x)
            try container.encode(y, forKey: .y)
            try container.encode(scale, forKey: .scale)
            if format != .plain { try container.encode(format, forKey: .format) }
        }
    }
}

extension DataConfiguration {
    /// Checks what is to be generated; a file's samples are there already.
    func validate() throws(LearningError) {
        guard case .chapter(let samples, let noise, _) = self else { return }
        guard (1...RunConfiguration.largestSampleCount).contains(samples), noise.isFinite else {
            throw LearningError(
                .invalidData, "there are no data with \(samples.counted("sample")) and noise \(noise)",
                advice: "give 1 to \(RunConfiguration.largestSampleCount) samples and a finite noise")
        }
    }
}

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

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case stream
        case batchOrder = "batch_order"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        stream = try container.decode(Stream.self, forKey: .stream)
        batchOrder = try container.decodeIfPresent(BatchOrderSource.self, forKey: .batchOrder)
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

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case seed, skip
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self, only: CodingKeys.allCases)
        seed = try container.wholeIfPresent(UInt32.self, forKey: .seed)
        skip = try container.whole(Int.self, forKey: .skip)
    }

    /// Samples are drawn one by one, so there is a limit.
    func validate() throws(LearningError) {
        guard (0...RunConfiguration.largestSampleCount).contains(skip) else {
            throw LearningError(
                .invalidConfiguration, "a batch order cannot begin behind \(skip.counted("sample"))",
                advice: "give 0 to \(RunConfiguration.largestSampleCount)")
        }
    }
}
