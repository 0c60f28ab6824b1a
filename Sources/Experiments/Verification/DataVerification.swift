import Learning
import Theory
import Tracking

/// A data set as it is stored, compared with its generator, or against its own checks and hash where it came from a file.
struct DataVerification {
    /// What runs trained on; nil when it is neither generated nor to be found again.
    let recorded: RecordedData?
    private let stored: [String: SQLValue]
    private let rows: [StoredSample]
    /// The rows of `optima`, by model.
    private let optima: [String: [[String: SQLValue]]]
    /// What the rows should hold, in the order of positions.
    private let samples: [RecoveredSample]

    init(ofDataset id: Int64, _ configuration: RunConfiguration, in store: Store) throws {
        stored = try store.datasets.storedValues(ofDataset: id)
        rows = try store.datasets.storedSamples(ofDataset: id)
        optima = try store.datasets.storedOptima(ofDataset: id)
        let data: TrainingData?
        switch configuration.data {
        case .chapter:
            let generated = try TrainingData.chapter(for: configuration)
            samples = zip(generated.x, generated.y).enumerated().map {
                RecoveredSample(position: $0, x: $1.0, y: $1.1)
            }
            data = generated
        case .csv:
            let dataset = try store.datasets.find(id: id)
            let asStored = rows.map { RecoveredSample(asStored: $0) }
            if let content = Self.content(asStored, of: dataset, configuration), content.hash == dataset.contentHash {
                (samples, data) = (asStored, content.data)
            } else {
                var declared = 0
                if case .integer(let count)? = stored["samples"] { declared = Int(count) }
                let recovered = rows.map { RecoveredSample($0) }.sorted { $0.position < $1.position }
                data = Self.content(recovered, of: dataset, configuration)
                    .flatMap { Self.original($0, of: dataset, declared: declared) }
                samples = data == nil ? Self.fillingGaps(recovered, declared: declared) : recovered
            }
        }
        recorded = try data.map { try RecordedData($0, of: configuration, source: "") }
    }

    func note(in verification: inout RunVerification) {
        var rest = samples[...]
        for row in rows {
            while let missing = rest.first, missing.position < row.position {
                note(missing: missing, &verification)
                rest.removeFirst()
            }
            if let sample = rest.first, sample.position == row.position {
                note(row, sample, &verification)
                rest.removeFirst()
            } else {
                verification.compare(
                    "dataset_rows[\(row.position)].position", .integer(Int64(row.position)), .null)
            }
        }
        for missing in rest { note(missing: missing, &verification) }
        guard let computed = recorded?.dataset else { return }
        verification.compare("datasets.", stored, computed.storedColumns)
        for (model, surface) in computed.lossSurfaces.sorted(by: { $0.key < $1.key }) {
            note(surface, ofModel: model, &verification)
        }
    }

    // MARK: - Internals

    /// Every number that is stored of a loss on the data.
    private func note(_ surface: LossSurface, ofModel model: String, _ verification: inout RunVerification) {
        let entries = surface.entries
        let stored = optima[model] ?? []
        for (position, entry) in entries.enumerated() {
            let row = stored.first { $0["position"] == .integer(Int64(position)) } ?? [:]
            verification.compare(
                "optima[\(position)].", row,
                [
                    "position": .integer(Int64(position)), "kind": .text(entry.kind), "name": .text(entry.name),
                    "other": .text(entry.other), "value": .real(entry.value),
                ])
        }
        for row in stored where !entries.indices.contains(where: { row["position"] == .integer(Int64($0)) }) {
            verification.compare("optima.position", row["position"] ?? .null, .null)
        }
    }

    private func note(missing sample: RecoveredSample, _ verification: inout RunVerification) {
        verification.compare(
            "dataset_rows[\(sample.position)].position", .null, .integer(Int64(sample.position)))
    }

    private func note(_ row: StoredSample, _ sample: RecoveredSample, _ verification: inout RunVerification) {
        var columns = [
            ("x", row.x, sample.x.map { SQLValue(kept: $0) } ?? .lost),
            ("y", row.y, sample.y.map { SQLValue(kept: $0) } ?? .lost),
        ]
        if let x = sample.x {
            columns.append(("x_checksum", row.xChecksum, .integer(SampleChecksum.of(x, at: row.position))))
        }
        if let y = sample.y {
            columns.append(("y_checksum", row.yChecksum, .integer(SampleChecksum.of(y, at: row.position))))
        }
        if let x = sample.x, let y = sample.y {
            columns.append(("ieee_bytes", row.ieeeBytes, SQLValue(bytesOf: [x, y])))
        }
        for (column, stored, computed) in columns where stored != computed {
            verification.compare("dataset_rows[\(row.position)].\(column)", stored, computed)
        }
    }

    /// What these samples and the stored scaling make together; nil if a sample is lost.
    private static func content(
        _ samples: [RecoveredSample], of dataset: Dataset, _ configuration: RunConfiguration
    ) -> DatasetContent? {
        guard case .csv(_, let xColumn, let yColumn, let scale, _) = configuration.data, !samples.isEmpty else {
            return nil
        }
        let (x, y) = (samples.compactMap(\.x), samples.compactMap(\.y))
        guard x.count == samples.count, y.count == samples.count,
            samples.indices.allSatisfy({ samples[$0].position == $0 })
        else { return nil }
        let scaling = scale == .none ? Scaling.none : Scaling(dataset)
        return DatasetContent(
            kind: "csv", xColumn: xColumn, yColumn: yColumn, data: TrainingData(x: x, y: y, scaling: scaling))
    }

    /// The data before anything was changed in the notebook, out of samples that all have their checks.
    private static func original(_ content: DatasetContent, of dataset: Dataset, declared: Int) -> TrainingData? {
        let (hash, data) = (content.hash, content.data)
        if hash == dataset.contentHash || SingleBit.isOneDigitOff(dataset.contentHash, hash) { return data }
        if data.scaling != .none, let scaling = content.scaling(whenHashWas: dataset.contentHash) {
            return TrainingData(x: data.x, y: data.y, scaling: scaling)
        }
        // Either the last samples are missing, or the hash itself is wrong.
        return data.count == declared ? data : nil
    }

    /// With a sample of which nothing is known for each position that has none.
    private static func fillingGaps(_ samples: [RecoveredSample], declared: Int) -> [RecoveredSample] {
        // A number of samples that was changed may be any.
        let count = max(samples.count, min(declared, samples.count + RunVerification.limit))
        let known = Set(samples.map(\.position))
        let gaps = (0..<count).filter { !known.contains($0) }.map { RecoveredSample(position: $0, x: nil, y: nil) }
        return (samples + gaps).sorted { $0.position < $1.position }
    }
}

extension Dataset {
    /// The columns of `datasets` that follow from the data.
    fileprivate var storedColumns: [String: SQLValue] {
        let scalars = [xDivisor, yDivisor, yOffset]
        var columns = Dictionary(
            uniqueKeysWithValues: zip(["x_divisor", "y_divisor", "y_offset"], scalars.map { SQLValue(kept: $0) }))
        columns["ieee_bytes"] = SQLValue(bytesOf: scalars)
        columns["content_hash"] = .text(contentHash)
        columns["kind"] = .text(kind)
        columns["samples"] = .integer(Int64(x.count))
        columns["x_column"] = .optional(xColumn)
        columns["y_column"] = .optional(yColumn)
        return columns
    }
}

/// A sample before anything was changed in its row, as far as its checks say.
private struct RecoveredSample {
    let position: Int
    /// Nil where no single changed bit explains what is stored.
    let x: Double?
    let y: Double?

    init(position: Int, x: Double?, y: Double?) {
        self.position = position
        self.x = x
        self.y = y
    }

    /// What the row says, its checks aside.
    init(asStored row: StoredSample) {
        self.init(
            position: row.position, x: Reading(row.x, exact: row.exact?.x, check: row.xChecksum).number,
            y: Reading(row.y, exact: row.exact?.y, check: row.yChecksum).number)
    }

    /// What the row said when it had its checks.
    init(_ row: StoredSample) {
        let x = Reading(row.x, exact: row.exact?.x, check: row.xChecksum)
        let y = Reading(row.y, exact: row.exact?.y, check: row.yChecksum)
        let (originalX, originalY) = (x.original(at: row.position), y.original(at: row.position))
        if originalX == nil, originalY == nil {
            for position in SingleBit.neighbors(of: row.position) where position >= 0 {
                guard let x = x.unchanged(at: position), let y = y.unchanged(at: position) else { continue }
                self.init(position: position, x: x, y: y)
                return
            }
        }
        self.init(position: row.position, x: originalX, y: originalY)
    }
}

/// What a stored number may be read as, and its check.
private struct Reading {
    private let numbers: [Double]
    private let check: Int64

    init(_ column: SQLValue, exact: Double?, check: SQLValue) {
        var numbers = exact.map { [$0] } ?? []
        // The column has lost the sign of a zero.
        if case .real(let number) = column { numbers += number == 0 ? [0, -0.0] : [number] }
        self.numbers = numbers
        if case .integer(let number) = check { self.check = number } else { self.check = 0 }
    }

    /// What is stored, to its last bit.
    var number: Double? { numbers.first }

    /// The number, if it has its check.
    func unchanged(at position: Int) -> Double? {
        numbers.first { SampleChecksum.of($0, at: position) == check }
    }

    /// The number that has the check, but for one bit of either.
    func original(at position: Int) -> Double? {
        numbers.first { (SampleChecksum.of($0, at: position) ^ check).nonzeroBitCount <= 1 }
            ?? numbers.lazy.flatMap { SingleBit.neighbors(of: $0.bitPattern) }.map { Double(bitPattern: $0) }
            .first { SampleChecksum.of($0, at: position) == check }
    }
}
