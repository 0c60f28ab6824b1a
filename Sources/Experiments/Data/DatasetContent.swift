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
