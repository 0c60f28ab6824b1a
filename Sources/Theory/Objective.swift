/// What one run minimizes: a loss surface in the units of the run's own loss, and the samples that make it.
package struct Objective: Sendable, Equatable {
    package let surface: LossSurface
    package let loss: LossKind
    /// Whether the run computes in 32-bit numbers.
    package let isSinglePrecision: Bool
    package let samples: Samples
    /// The loss is so many times the mean squared error.
    package let scale: Double

    /// The data that the loss is over.
    package struct Samples: Sendable, Equatable {
        /// Nil for a model that is no sum of powers, of which what needs single samples is not known.
        package let features: PowerFeatures?
        package let x: [Double]
        package let y: [Double]

        /// - Precondition: there are as many x as y.
        package init(features: PowerFeatures?, x: [Double], y: [Double]) {
            precondition(x.count == y.count, "\(x.count) inputs for \(y.count) targets")
            (self.features, self.x, self.y) = (features, x, y)
        }

        package var count: Int { x.count }
    }

    package init(_ surface: LossSurface, loss: LossKind, isSinglePrecision: Bool, samples: Samples) {
        (self.surface, self.loss, self.isSinglePrecision) = (surface, loss, isSinglePrecision)
        self.samples = samples
        scale = loss.scale(sampleCount: surface.sampleCount)
    }

    package var optimum: [Double]? { surface.optimum }
    /// The loss over all samples at its minimum; nil where that is not unique.
    package var minimumLoss: Double? { surface.minimum(loss: loss) }
    /// The largest and the smallest curvature of the loss.
    package var curvature: (largest: Double, smallest: Double) { surface.curvature(loss: loss) }
    /// The smallest excess that says anything in the run's number type: that of `LossSurface`, or less where the minimum itself is so
    /// small that rounding is, too.
    package var smallestMeaningfulExcess: Double {
        let distance = 8 * unit * (optimumSize + max(0, surface.minimumLoss ?? 0).squareRoot())
        return min(
            LossSurface.smallestMeaningfulExcess(isSinglePrecision: isSinglePrecision),
            100 * 0.5 * curvature.largest * distance * distance)
    }

    /// Whether the square of a gradient, and a thousandth of it, are numbers of the run's type with all their digits: optimizers that
    /// divide by its root need them.
    package func holdsSquare(of gradient: Double) -> Bool {
        let square = gradient * gradient
        return isSinglePrecision
            ? (1e3 * Double(Float.leastNormalMagnitude)...Double(Float.greatestFiniteMagnitude)).contains(square)
            : (1e3 * Double.leastNormalMagnitude...Double.greatestFiniteMagnitude).contains(square)
    }

    /// The largest sum of squared errors in the run's number type.
    package var largestSum: Double {
        isSinglePrecision ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    }

    /// Whether no learning rate that its number type has is below this one.
    package func hasNoRate(below edge: Double) -> Bool {
        isSinglePrecision && edge <= Double(Float.leastNonzeroMagnitude)
    }

    /// The sum of the squared errors over all samples is so many times the loss.
    var sumOfSquaresPerLoss: Double { Double(samples.count) / scale }

    /// How far the loss is above its minimum; nil where that is not unique.
    package func excess(at values: [Double]) -> Double? { surface.excess(at: values, loss: loss) }

    /// The gradient over all samples; nil where the minimum is not unique.
    package func gradient(at values: [Double]) -> [Double]? { surface.gradient(at: values, loss: loss) }

    /// The gradient of a batch's loss is so many times that of its mean squared error.
    package func scale(batchSize: Int) -> Double { loss.scale(sampleCount: batchSize) }

    /// How far a gradient is from that over all samples, in units of the size of its terms: the largest curvature times
    /// the sum of all parameters' and the optimum's sizes, and `residualSize`.
    ///
    /// Nil where the minimum is not unique or a number is not finite. Allocates nothing, for a reader of many steps.
    package func gradientDeviation(_ gradient: Span<Double>, at values: Span<Double>) -> Double? {
        guard let optimum else { return nil }
        var (distance, size) = (0.0, 0.0)
        for row in optimum.indices {
            guard gradient[row].isFinite else { return nil }
            var exact = 0.0
            for column in optimum.indices {
                let term = surface.hessian[row][column] * (values[column] - optimum[column])
                exact = column == 0 ? term : exact + term
            }
            distance = max(distance, abs(gradient[row] - scale * exact))
        }
        for index in values.indices { size += abs(values[index]) }
        for value in optimum { size += abs(value) }
        size = curvature.largest * size + residualSize
        return size > 0 && size.isFinite ? distance / size : nil
    }

    /// How far a step of full-batch descent can be off the exact one by rounding.
    ///
    /// One unit of the number type of the parameters' size, and the gradient's part. `size` is the sum of the parameters' absolute
    /// values.
    func rounding(ofStepFrom size: Double, learningRate: Double) -> Double {
        unit * size + learningRate * rounding(ofGradientAt: size)
    }

    /// How far a gradient over all samples can be off the exact one by rounding; 0 where the minimum is not unique.
    ///
    /// Eight units of the number type of the size of its terms, which are summed in pairs. `size` is the sum of the parameters'
    /// absolute values.
    package func rounding(ofGradientAt size: Double) -> Double {
        guard optimum != nil else { return 0 }
        return 8 * unit * (curvature.largest * (size + optimumSize) + residualSize)
    }

    /// How far the excess at this distance from the optimum can be off, because the surface's own numbers are rounded: 64-bit ones
    /// also of a run of 32-bit numbers.
    ///
    /// Eight units of the size of its terms, which cancel where curvatures differ much.
    func rounding(ofExcessAt distance: [Double]) -> Double {
        var size = 0.0
        for (row, a) in zip(surface.hessian, distance) {
            for (entry, b) in zip(row, distance) { size += abs(entry * a * b) }
        }
        return 8 * 0x1p-53 * 0.5 * scale * size
    }

    /// What the residuals of the minimum, which cancel there, add to the size of a gradient's terms; 0 where it is not unique.
    ///
    /// At most so much by Cauchy's inequality, with a feature's mean square at most half the curvature of the mean squared error.
    var residualSize: Double { (2 * scale * curvature.largest * max(0, minimumLoss ?? 0)).squareRoot() }

    /// The sum of the absolute values of the minimum's parameters.
    var optimumSize: Double { (optimum ?? []).reduce(0) { $0 + abs($1) } }

    /// Rounding in the run's number type, relative to a value of about 1.
    private var unit: Double { isSinglePrecision ? 0x1p-24 : 0x1p-53 }
}
