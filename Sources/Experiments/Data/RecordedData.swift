import Foundation
import Hashing
import Learning
import TextFormats
import Theory
import Tracking

/// The data of a run as it trains on them, and as the notebook keeps them, with what is known of its model's loss on them.
struct RecordedData: Sendable {
    let data: TrainingData
    let dataset: Dataset

    /// `source` is the path of the data's file, or nothing for the chapter's data.
    /// - Throws: `ExperimentError` for data of which the exact answer, which is stored with them, is not made of finite
    ///   numbers.
    init(_ data: TrainingData, of configuration: RunConfiguration, source: String) throws(ExperimentError) {
        self.data = data
        var columns: (x: String?, y: String?) = (nil, nil)
        var kind = "chapter"
        if case .csv(_, let x, let y, _, _) = configuration.data {
            (kind, columns) = ("csv", (x, y))
        }
        let surface = configuration.model.lossSurface(of: data)
        dataset = Dataset(
            contentHash: DatasetContent(kind: kind, xColumn: columns.x, yColumn: columns.y, data: data).hash,
            kind: kind,
            source: source,
            xColumn: columns.x,
            yColumn: columns.y,
            x: data.x,
            y: data.y,
            xDivisor: data.scaling.xDivisor,
            yDivisor: data.scaling.yDivisor,
            yOffset: data.scaling.yOffset,
            lossSurfaces: surface.map { [configuration.model.text: $0] } ?? [:])
        let known = dataset.lossSurfaces.values.flatMap { $0.entries.map(\.value) }
        guard ([dataset.xDivisor, dataset.yDivisor, dataset.yOffset] + known).allSatisfy(\.isFinite) else {
            throw Self.tooLarge(data, of: configuration, file: dataset.fileName)
        }
    }

    /// The error that names the column of which the squares overflow, where the data are a file's.
    private static func tooLarge(
        _ data: TrainingData, of configuration: RunConfiguration, file: String?
    ) -> ExperimentError {
        guard case .csv(_, let xColumn, let yColumn, let scale, _) = configuration.data,
            let file
        else {
            return ExperimentError(
                .invalidValue, "the data are too large: their squares overflow a 64-bit number", advice: "rescale them")
        }
        let model = configuration.model.model
        let squares = data.x.reduce(0) { sum, x in model.features(of: x).reduce(sum) { $0 + $1 * $1 } }
        let isX = !squares.isFinite && data.scaling.yDivisor.isFinite && data.scaling.yOffset.isFinite
        let largest = (isX ? data.x : data.y).max { abs($0) < abs($1) } ?? 0
        // What was scaled is not what stands in the file.
        let number = scale == .none ? NumberText.exact(largest) : "a number"
        return ExperimentError(
            .unusableFile,
            "\(file): \(number) in column '\(isX ? xColumn : yColumn)' is too large for the model "
                + "\(configuration.model.text): the squares that its loss is made of leave the range of 64-bit numbers",
            advice: scale == .none && isX
                ? "try \(option: RunSetting.scale.name) normalize" : "divide the column by a power of ten")
    }
}

/// Everything that tells one data set from another, as the bytes that its content hash is made of.
struct DatasetContent {
    let kind: String
    let xColumn: String?
    let yColumn: String?
    let data: TrainingData

    var hash: String { ContentHash.sha256(of: bytes) }

    /// The description as text, then the numbers as their IEEE bytes.
    var bytes: [UInt8] {
        var bytes = Array(description.utf8)
        for number in numbers {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
        }
        return bytes
    }

    /// The scaling from which, with one bit turned since, the content's own came, if the content with it has this hash.
    func scaling(whenHashWas recorded: String) -> Scaling? {
        let start = description.utf8.count * 8
        guard let bit = SingleBit.position(in: bytes, among: start..<start + 192, whoseHashWas: recorded) else {
            return nil
        }
        var numbers = numbers.prefix(3).map(\.bitPattern)
        numbers[(bit - start) / 64] ^= 1 << UInt64((bit - start) % 64)
        let (xDivisor, yDivisor, yOffset) = (numbers[0], numbers[1], numbers[2])
        return Scaling(
            xDivisor: Double(bitPattern: xDivisor), yDivisor: Double(bitPattern: yDivisor),
            yOffset: Double(bitPattern: yOffset))
    }

    private var description: String { [kind, xColumn ?? "", yColumn ?? ""].joined(separator: "\u{1F}") }

    private var numbers: [Double] {
        [data.scaling.xDivisor, data.scaling.yDivisor, data.scaling.yOffset] + data.x + data.y
    }
}

/// SHA-256 as lowercase hexadecimal digits.
enum ContentHash {
    static func sha256(of bytes: some Sequence<UInt8>) -> String {
        Hexadecimal.text(SHA256.hash(bytes))
    }

    static func sha256(of text: String) -> String {
        sha256(of: Array(text.utf8))
    }
}

/// What of a configuration decides its samples: runs whose keys are equal share their data.
struct DataKey: Hashable {
    private let data: DataConfiguration
    /// What is known of its loss is kept with the data.
    private let model: String
    /// Nil where the data do not depend on the run's own seed.
    private let seed: Int64?
    private let dtype: ElementType
    private let stream: RandomnessConfiguration.Stream

    init(_ configuration: RunConfiguration) {
        data = configuration.data
        model = configuration.model.text
        dtype = configuration.dtype
        stream = configuration.randomness.stream
        if case .chapter(_, _, seed: nil) = configuration.data { seed = configuration.seed } else { seed = nil }
    }
}
