/// The data that runs trained on, stored once per content hash.
///
/// `x` and `y` are the values after scaling: original x = x * `xDivisor`, original y = y * `yDivisor` + `yOffset`.
package struct Dataset: Sendable, Equatable {
    /// Where the mean squared error over all samples is smallest, and how small.
    package struct Optimum: Sendable, Equatable {
        package let w: Double
        package let b: Double
        package let loss: Double

        package init(w: Double, b: Double, loss: Double) {
            self.w = w
            self.b = b
            self.loss = loss
        }
    }

    /// The second derivatives of the mean squared error in (w, b).
    package struct Hessian: Sendable, Equatable {
        package let ww: Double
        package let wb: Double
        package let bb: Double

        package init(ww: Double, wb: Double, bb: Double) {
            self.ww = ww
            self.wb = wb
            self.bb = bb
        }
    }

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
    /// Nil when the minimum is not unique.
    package let optimum: Optimum?
    package let hessian: Hessian

    package init(
        contentHash: String, kind: String, source: String, xColumn: String? = nil, yColumn: String? = nil,
        x: [Double], y: [Double], xDivisor: Double = 1, yDivisor: Double = 1, yOffset: Double = 0,
        optimum: Optimum?, hessian: Hessian
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
        self.optimum = optimum
        self.hessian = hessian
    }
}
