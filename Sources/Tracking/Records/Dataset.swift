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
    /// What is known of the loss on these data, by the model with its arguments.
    package var lossSurfaces: [String: LossSurface]

    package init(
        contentHash: String, kind: String, source: String, xColumn: String? = nil, yColumn: String? = nil,
        x: [Double], y: [Double], xDivisor: Double = 1, yDivisor: Double = 1, yOffset: Double = 0,
        lossSurfaces: [String: LossSurface] = [:]
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
        self.lossSurfaces = lossSurfaces
    }
}
