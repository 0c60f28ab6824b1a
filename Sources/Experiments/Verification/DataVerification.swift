import Learning
import Tracking

/// A data set as it is stored, held against its generator, or against its own hash where it came from a file.
struct DataVerification {
    /// What runs trained on; nil when it is neither generated nor to be told from the hash.
    let recorded: RecordedData?
    private let stored: [String: QueryValue]
    private let samples: [[String: QueryValue]]

    init(ofDataset id: Int64, _ configuration: RunConfiguration, in store: Store) throws {
        stored = try store.storedValues(ofDataset: id)
        samples = try store.storedSamples(ofDataset: id)
        let data = try Self.original(store.dataset(id: id), configuration)
        recorded = data.map { RecordedData($0, as: configuration.data, source: "") }
    }

    func note(in verification: inout RunVerification) {
        guard let data = recorded?.data, let computed = recorded?.dataset else {
            noteLostNumbers(in: &verification)
            verification.compare(
                "dataset_rows", .integer(Int64(samples.count)),
                .text("data with the recorded content_hash: as they were changed, no step was compared"))
            return
        }
        for position in 0..<max(data.count, samples.count) {
            let prefix = "dataset_rows[\(position)]."
            guard position < samples.count else {
                verification.compare(prefix + "position", .null, .integer(Int64(position)))
                continue
            }
            guard position < data.count else {
                verification.compare(prefix + "position", samples[position]["position"] ?? .null, .null)
                continue
            }
            let (x, y) = (data.x[position], data.y[position])
            verification.compare(
                prefix, samples[position],
                [
                    "position": .integer(Int64(position)), "x": QueryValue(kept: x), "y": QueryValue(kept: y),
                    "bits": QueryValue(bitsOf: [x, y]),
                ])
        }
        verification.compare("datasets.", stored, computed.storedColumns)
    }

    // MARK: - Internals

    /// A number that became NaN is NULL, and what it was cannot be told.
    private func noteLostNumbers(in verification: inout RunVerification) {
        for (position, sample) in samples.enumerated() where sample["bits"] == .null {
            for column in ["x", "y"] where sample[column] == .null {
                verification.compare(
                    "dataset_rows[\(position)].\(column)", .null, .text("a number, lost when it became NaN"))
            }
        }
    }

    /// The data before anything was changed in the notebook.
    private static func original(_ dataset: Dataset, _ configuration: RunConfiguration) throws -> TrainingData? {
        switch configuration.data {
        case .chapter:
            return try TrainingData.chapter(for: configuration)
        case .csv(_, let x, let y, _):
            guard !dataset.x.isEmpty else { return nil }
            let content = DatasetContent(kind: "csv", xColumn: x, yColumn: y, data: TrainingData(dataset))
            if content.hash == dataset.contentHash || SingleBit.isOneDigitOff(dataset.contentHash, content.hash) {
                return content.data
            }
            return SingleBit.position(in: content.bytes, whoseHashWas: dataset.contentHash)
                .flatMap { content.turning(bit: $0) }?.data
        }
    }
}

extension Dataset {
    /// The columns of `datasets` that follow from the data.
    fileprivate var storedColumns: [String: QueryValue] {
        let scalars = [
            xDivisor, yDivisor, yOffset, optimum?.w ?? .nan, optimum?.b ?? .nan, optimum?.loss ?? .nan, hessian.ww,
            hessian.wb, hessian.bb,
        ]
        let names = [
            "x_divisor", "y_divisor", "y_offset", "optimum_w", "optimum_b", "optimum_loss", "hessian_ww", "hessian_wb",
            "hessian_bb",
        ]
        var columns = Dictionary(uniqueKeysWithValues: zip(names, scalars.map { QueryValue(kept: $0) }))
        columns["bits"] = QueryValue(bitsOfDescription: scalars)
        columns["content_hash"] = .text(contentHash)
        columns["kind"] = .text(kind)
        columns["samples"] = .integer(Int64(x.count))
        columns["x_column"] = .optional(xColumn)
        columns["y_column"] = .optional(yColumn)
        return columns
    }
}
