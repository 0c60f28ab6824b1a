import Learning
import Tracking

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

    /// The same content with one bit of ``bytes`` turned, or nil where the bit belongs to the description.
    func turning(bit position: Int) -> DatasetContent? {
        let offset = position - description.utf8.count * 8
        guard offset >= 0 else { return nil }
        var numbers = numbers
        numbers[offset / 64] = Double(bitPattern: numbers[offset / 64].bitPattern ^ (1 << UInt64(offset % 64)))
        let samples = numbers[3...]
        return DatasetContent(
            kind: kind, xColumn: xColumn, yColumn: yColumn,
            data: TrainingData(
                x: Array(samples.prefix(data.count)), y: Array(samples.suffix(data.count)),
                scaling: Scaling(xDivisor: numbers[0], yDivisor: numbers[1], yOffset: numbers[2])))
    }

    private var description: String { [kind, xColumn ?? "", yColumn ?? ""].joined(separator: "\u{1F}") }

    private var numbers: [Double] {
        [data.scaling.xDivisor, data.scaling.yDivisor, data.scaling.yOffset] + data.x + data.y
    }
}
