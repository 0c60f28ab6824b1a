/// The exact shape of a loss that is quadratic in the parameters: where its minimum is, how low, and how steep around it.
///
/// All numbers are those of the mean squared error over all samples; `LossKind.scale(sampleCount:)` makes them those of
/// another loss. A model without a known optimum has no loss surface.
package struct LossSurface: Sendable, Equatable {
    /// The names of the scalar parameters, in the order of every other list here.
    package let parameters: [String]
    /// The parameters of the minimum; nil where the minimum is not unique.
    package let optimum: [Double]?
    /// The mean squared error there; nil where the minimum is not unique.
    package let minimumLoss: Double?
    /// The second derivatives of the mean squared error, a symmetric matrix.
    package let hessian: [[Double]]
    /// How many samples the mean is over.
    package let sampleCount: Int
    /// Curvatures and directions of `hessian`.
    package let eigensystem: Eigensystem
    /// The upper triangle of `hessian` row by row, what is off its diagonal doubled: the factors of d_i d_j in d'Hd.
    private let factors: [Double]

    /// - Precondition: the Hessian is symmetric, and it and the optimum have one row per parameter; optimum and minimum
    ///   are both known, or neither.
    package init(
        parameters: [String], optimum: [Double]?, minimumLoss: Double?, hessian: [[Double]], sampleCount: Int
    ) {
        let size = parameters.count
        precondition(
            hessian.count == size && hessian.allSatisfy { $0.count == size },
            "the Hessian of \(size) parameters has \(hessian.map(\.count)) columns in its rows")
        precondition(
            optimum?.count ?? size == size && (optimum == nil) == (minimumLoss == nil),
            "an optimum of \(optimum?.count ?? 0) values for \(size) parameters, with the minimum "
                + (minimumLoss.map { "\($0)" } ?? "unknown"))
        (self.parameters, self.optimum, self.minimumLoss) = (parameters, optimum, minimumLoss)
        (self.hessian, self.sampleCount) = (hessian, sampleCount)
        factors = (0..<size).flatMap { row in
            (row..<size).map { column in column == row ? hessian[row][row] : 2 * hessian[row][column] }
        }
        eigensystem = Eigensystem(of: hessian)
    }

    /// How far the loss over all samples is above its minimum: 1/2 d'Hd with d = parameters - optimum; nil where the
    /// minimum is not unique.
    ///
    /// Not a difference of losses: it stays exact far below the loss's last digit. Operation by operation that of the
    /// notebook's view `excess`, so that both give the same bits.
    ///
    /// - Precondition: there is one value per parameter.
    package func excess(at values: [Double], loss: LossKind) -> Double? {
        excess(at: values.span, loss: loss)
    }

    /// The same without an array of its own, for a reader of a million steps.
    package func excess(at values: Span<Double>, loss: LossKind) -> Double? {
        guard let optimum else { return nil }
        precondition(values.count == optimum.count, "\(values.count) values for \(optimum.count) parameters")
        var sum = 0.0
        var next = 0
        for row in optimum.indices {
            let distance = values[row] - optimum[row]
            for column in row..<optimum.count {
                let term = factors[next] * distance * (values[column] - optimum[column])
                // No sum with 0: the first term keeps its sign.
                sum = next == 0 ? term : sum + term
                next += 1
            }
        }
        return 0.5 * loss.scale(sampleCount: sampleCount) * sum
    }

    /// The gradient over all samples; nil where the minimum is not unique.
    ///
    /// - Precondition: there is one value per parameter.
    package func gradient(at values: [Double], loss: LossKind) -> [Double]? {
        guard let optimum else { return nil }
        precondition(values.count == optimum.count, "\(values.count) values for \(optimum.count) parameters")
        let scale = loss.scale(sampleCount: sampleCount)
        let distance = zip(values, optimum).map { $0 - $1 }
        return hessian.map { row in scale * Eigensystem.dot(row, distance) }
    }

    /// The second derivatives of the loss itself.
    package func scaledHessian(loss: LossKind) -> [[Double]] {
        let scale = loss.scale(sampleCount: sampleCount)
        return hessian.map { $0.map { scale * $0 } }
    }

    /// The largest and the smallest curvature of the loss itself.
    package func curvature(loss: LossKind) -> (largest: Double, smallest: Double) {
        let scale = loss.scale(sampleCount: sampleCount)
        return (scale * eigensystem.largest, scale * eigensystem.smallest)
    }

    /// The parameters that the data say nothing about, or cannot tell apart; empty where there is one minimum.
    ///
    /// Along some direction the loss is flat then, but for rounding.
    ///
    /// The smallest curvature relative to the largest, with each parameter in the unit in which its own curvature is 1, so
    /// that neither large data nor a bad condition count.
    package var indistinguishableParameters: [String] {
        if let flat = parameters.indices.first(where: { !(hessian[$0][$0] > 0) }) { return [parameters[flat]] }
        let sizes = parameters.indices.map { hessian[$0][$0].squareRoot() }
        let relative = parameters.indices.map { row in
            parameters.indices.map { row == $0 ? 1 : hessian[row][$0] / sizes[row] / sizes[$0] }
        }
        guard relative.joined().allSatisfy(\.isFinite) else { return [] }
        let system = Eigensystem(of: relative)
        guard parameters.count > 1, system.smallest <= 1e-13 * system.largest else { return [] }
        let direction = system.vectors[parameters.count - 1]
        return parameters.indices.filter { abs(direction[$0]) > 1e-3 }.map { parameters[$0] }
    }

    /// The loss over all samples at its minimum; nil where that is not unique.
    package func minimum(loss: LossKind) -> Double? {
        minimumLoss.map { loss.scale(sampleCount: sampleCount) * $0 }
    }

    /// The smallest excess that says anything: a hundred times the loss at which noise-free gradient descent stands still
    /// in 32-bit or 64-bit numbers.
    package static func smallestMeaningfulExcess(isSinglePrecision: Bool) -> Double {
        isSinglePrecision ? 1.3e-12 : 4.7e-30
    }
}

/// What is minimized, with r = prediction - y over the samples of a batch.
package enum LossKind: String, Sendable, Codable, CaseIterable {
    /// mean of r^2
    case mse
    /// sum of r^2 / 2
    case halfSum = "half-sum"
    /// mean of r^2 / 2
    case halfMean = "half-mean"

    /// The loss over so many samples is this many times their mean squared error.
    ///
    /// Optimum, Hessian and minimum are stored for the mean squared error; this is the only place that says what another
    /// loss makes of them. The view `excess` of the notebook says the same in SQL, and a test compares the two.
    package func scale(sampleCount: Int) -> Double {
        switch self {
        case .mse: 1
        case .halfMean: 0.5
        case .halfSum: 0.5 * Double(sampleCount)
        }
    }

    /// The loss over samples with these targets of the best answer that is the same for all; nil without samples.
    package func constantLoss(of y: [Double]) -> Double? {
        guard !y.isEmpty else { return nil }
        let mean = y.reduce(0, +) / Double(y.count)
        return scale(sampleCount: y.count) * (y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(y.count))
    }
}
