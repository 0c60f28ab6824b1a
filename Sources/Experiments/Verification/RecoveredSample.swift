import Tracking

/// A sample before anything was changed in its row, as far as its checks say.
struct RecoveredSample {
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
