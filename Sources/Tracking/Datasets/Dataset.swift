import Foundation
import GRDB
import Hashing
import TextFormats
package import Theory

/// The data that runs trained on, stored once per content hash.
///
/// `x` and `y` are the values after scaling: original x = x * `xDivisor`, original y = y * `yDivisor` + `yOffset`.
package struct Dataset: Sendable, Equatable {
    /// What identifies the data: equal content has an equal hash, whatever file it came from.
    package let contentHash: String
    /// `chapter` or `csv`.
    package let kind: String
    /// The file's name, or how the data were generated.
    package let source: String
    package let xColumn: String?
    package let yColumn: String?
    package let x: [Double]
    package let y: [Double]
    package let xDivisor: Double
    package let yDivisor: Double
    package let yOffset: Double
    /// How many samples its row says that there are.
    let declaredCount: Int
    /// The first sample that is not the one that was stored, by its checksums; nil if all are, or nothing was stored yet.
    package internal(set) var changedPosition: Int?
    /// What is known of the loss on these data, by the model with its arguments.
    package var lossSurfaces: [String: LossSurface]

    package init(
        contentHash: String, kind: String, source: String, xColumn: String? = nil, yColumn: String? = nil,
        x: [Double], y: [Double], xDivisor: Double = 1, yDivisor: Double = 1, yOffset: Double = 0,
        declaredCount: Int? = nil, lossSurfaces: [String: LossSurface] = [:]
    ) {
        precondition(x.count == y.count, "a data set needs as many x as y, but has \(x.count) and \(y.count)")
        self.contentHash = contentHash
        self.kind = kind
        self.source = source
        self.xColumn = xColumn
        self.yColumn = yColumn
        self.x = x
        self.y = y
        self.xDivisor = xDivisor
        self.yDivisor = yDivisor
        self.yOffset = yOffset
        self.declaredCount = declaredCount ?? x.count
        self.lossSurfaces = lossSurfaces
    }

    /// The name of the file that the data are of; nil for data that were generated.
    package var fileName: String? {
        kind == "csv" ? source.split(separator: "/").last.map(String.init) : nil
    }

    /// How the data were scaled before training.
    package var units: Units { Units(xDivisor: xDivisor, yDivisor: yDivisor, yOffset: yOffset) }

    /// Beyond it, and below its inverse, products of a parameter with the scaling are no numbers any more.
    private static let largestScaling = 1e150

    /// Throws `damaged` unless there are samples, all of them and the scaling are finite, the scaling can be calculated with, and
    /// no sample is missing or changed.
    package func mustBeComplete() throws(TrackingError) {
        let name = "the data set '\(source.isEmpty ? kind : source)'"
        let advice: MessageText =
            "\(command: "verify", "RUN") names what differs in a run on it, and a backup has what was there"
        guard !x.isEmpty, x.count == declaredCount else {
            throw TrackingError(
                .damaged, "\(name) has \(x.count.counted("sample")), and should have \(declaredCount)", advice: advice)
        }
        for (column, values) in [("x", x), ("y", y), ("the scaling", [xDivisor, yDivisor, yOffset])] {
            guard let place = values.firstIndex(where: { !$0.isFinite }) else { continue }
            throw TrackingError(
                .damaged, "\(name) has \(NumberText.status(values[place])) as number \(place) of \(column)",
                advice: advice)
        }
        if let scaling = ([xDivisor, yDivisor, yOffset].first { abs($0) > Self.largestScaling })
            ?? [xDivisor, yDivisor].first(where: { abs($0) < 1 / Self.largestScaling })
        {
            throw TrackingError(
                .damaged,
                "\(name) has \(NumberText.exact(scaling)) in its scaling, which is not from \(NumberText.exact(1 / Self.largestScaling)) "
                    + "to \(NumberText.exact(Self.largestScaling)) in size",
                advice: advice)
        }
        if let changedPosition {
            throw TrackingError(
                .damaged, "\(name) is not what was stored: its sample \(changedPosition) has another checksum",
                advice: advice)
        }
    }
}

/// A row of `dataset_rows` exactly as SQLite has it.
package struct StoredSample: Sendable {
    package let position: Int
    package let x: SQLValue
    package let y: SQLValue
    package let ieeeBytes: SQLValue
    package let xChecksum: SQLValue
    package let yChecksum: SQLValue
    /// The numbers that `ieee_bytes` holds, if it has the length for two.
    package let exact: (x: Double, y: Double)?

    /// - Throws: `damaged` where the position is no number; whatever else is stored can be compared.
    init(_ row: Row, in database: Database) throws(TrackingError) {
        let values = Array(row.databaseValues).map { SQLValue($0) }
        position = try StoredRow(row, of: "sample", in: database).value("position")
        (x, y, ieeeBytes) = (values[1], values[2], values[3])
        (xChecksum, yChecksum) = (values[4], values[5])
        if case .blob(let bytes) = ieeeBytes {
            exact = ExactReals.decode(Data(bytes), count: 2).map { ($0[0], $0[1]) }
        } else {
            exact = nil
        }
    }
}

/// The columns `x_checksum` and `y_checksum` of `dataset_rows`, by which each stored number says for itself whether it changed.
package enum SampleChecksum {
    /// The first 8 bytes of the SHA-256 of position and value, 8 bytes each; everything is little-endian.
    package static func of(_ value: Double, at position: Int) -> Int64 {
        var hasher = SHA256()
        withUnsafeBytes(of: Int64(position).littleEndian) { hasher.update($0) }
        withUnsafeBytes(of: value.bitPattern.littleEndian) { hasher.update($0) }
        return hasher.digest.withUnsafeBytes { Int64(littleEndian: $0.loadUnaligned(as: Int64.self)) }
    }

    /// Whether each of a sample's numbers has its checksum, as the columns hold them.
    static func fit(_ values: [Double], _ checksums: [DatabaseValue], at position: Int) -> Bool {
        zip(values, checksums).allSatisfy { of($0, at: position) == Int64.fromDatabaseValue($1) }
    }
}
