import Theory
package import Tracking

// Names for the columns of the quadratic model's steps, for tests of that model.

package typealias QuadraticStep = StepRow

extension StepRow {
    package init(
        step: Int, epoch: Int, loss: Double, learningRate: Double, w: Double, b: Double, gradW: Double, gradB: Double,
        elapsedNanoseconds: Int
    ) {
        self.init(
            step: step, epoch: epoch, elapsedNanoseconds: elapsedNanoseconds,
            values: [loss, learningRate, w, b, gradW, gradB])
    }

    package var loss: Double { values[0] }
    package var learningRate: Double { values[1] }
    package var w: Double { values[2] }
    package var b: Double { values[3] }
    package var gradW: Double { values[4] }
    package var gradB: Double { values[5] }
}

extension StepSchema {
    package static let quadratic = StepSchema(model: "quadratic", parameters: ["w", "b"])
}

extension Dataset {
    package struct Optimum: Sendable, Equatable {
        package let w: Double
        package let b: Double
        package let loss: Double

        package init(w: Double, b: Double, loss: Double) {
            (self.w, self.b, self.loss) = (w, b, loss)
        }
    }

    package struct Hessian: Sendable, Equatable {
        package let ww: Double
        package let wb: Double
        package let bb: Double

        package init(ww: Double, wb: Double, bb: Double) {
            (self.ww, self.wb, self.bb) = (ww, wb, bb)
        }
    }

    private var surface: LossSurface? { lossSurfaces["quadratic"] }

    package var optimum: Optimum? {
        guard let surface, let optimum = surface.optimum, let loss = surface.minimumLoss else { return nil }
        return Optimum(w: optimum[0], b: optimum[1], loss: loss)
    }

    package var hessian: Hessian {
        guard let surface else { return Hessian(ww: .nan, wb: .nan, bb: .nan) }
        return Hessian(ww: surface.hessian[0][0], wb: surface.hessian[0][1], bb: surface.hessian[1][1])
    }

    package init(
        contentHash: String, kind: String, source: String, xColumn: String? = nil, yColumn: String? = nil,
        x: [Double], y: [Double], xDivisor: Double = 1, yDivisor: Double = 1, yOffset: Double = 0,
        optimum: Optimum?, hessian: Hessian
    ) {
        self.init(
            contentHash: contentHash, kind: kind, source: source, xColumn: xColumn, yColumn: yColumn, x: x, y: y,
            xDivisor: xDivisor, yDivisor: yDivisor, yOffset: yOffset,
            lossSurfaces: [
                "quadratic": LossSurface(
                    parameters: ["w", "b"], optimum: optimum.map { [$0.w, $0.b] }, minimumLoss: optimum?.loss,
                    hessian: [[hessian.ww, hessian.wb], [hessian.wb, hessian.bb]], sampleCount: x.count)
            ])
    }
}
