/// The excess at which descent on random batches stands still: the stationary second moment of its exact recurrence.
///
/// With batches of B samples drawn with replacement, learning rate η, Hessian H and per-sample Hessians h_i,
/// M' = M - η(HM + MH) + η²(HMH + f E[(h - H)M(h - H)]) + η²f C, f = 1/B, where C is the covariance of the samples'
/// gradients at the minimum; the floor is tr(HM)/2 at M' = M.
///
/// Batches of an epoch are not independent: together they have no noise at all. To first order in the noise their floor is at
/// most N/(N - 1) times this one, often far below. Where an epoch's last batch is smaller than the others, every
/// step's batch has either size as often as in an epoch.
package struct NoiseFloor: Sendable {
    package let excess: Double
    /// Which part of it comes from the differences of the samples' Hessians.
    ///
    /// Where that is large, single excesses are far above their mean.
    package let multiplicativeShare: Double
    /// The excess that rounding alone can make.
    package let rounding: Double

    private let optimum: [Double]
    private let hessian: SymmetricPair
    /// What a step subtracts from a second moment, as columns of the linear map on its three numbers.
    private let columns: [SymmetricPair]
    private let moment: SymmetricPair
    /// Of the mean excess over many steps, times their number.
    private let variance: Double

    /// Nil where the minimum is not unique or the recurrence does not settle (mean-square unstable), and for models other
    /// than y = θ_0 x^p + θ_1.
    package init?(on objective: Objective, learningRate: Double, batchSize: Int, hasShortBatches: Bool = false) {
        guard let optimum = objective.optimum, let features = objective.samples.features, features.isFeatureAndConstant
        else {
            return nil
        }
        let data = objective.samples
        let count = Double(data.count)
        // Of the mean squared error: a batch's loss is a factor times that, of a sum the more the larger the batch is.
        let hessian = SymmetricPair(objective.surface.hessian, times: 1)
        let gradients = zip(data.x, data.y).map { x, y in
            let residual = features.prediction(optimum, at: x) - y
            return [2 * residual * features.feature(0, at: x), 2 * residual]
        }
        let noise = gradients.reduce(SymmetricPair(0, 0, 0)) { noise, gradient in
            let (g0, g1) = (gradient[0], gradient[1])
            return noise + SymmetricPair(g0 * g0, g0 * g1, g1 * g1) * (1 / count)
        }
        let spreads = Self.units.map { unit in
            data.x.reduce(hessian.sandwich(unit) * -1) { spread, x in
                let phi = features.feature(0, at: x)
                return spread + SymmetricPair(2 * phi * phi, 2 * phi, 2).sandwich(unit) * (1 / count)
            }
        }
        // The means of η, η², η²f and η⁴f³ over the batches, where η is the rate for the mean squared error.
        var (rate, square, noisy, fourth) = (0.0, 0.0, 0.0, 0.0)
        for (size, share) in Self.batches(of: data.count, batchSize, hasShortBatches: hasShortBatches) {
            let eta = learningRate * objective.scale(batchSize: size)
            rate += share * eta
            square += share * eta * eta
            noisy += share * eta * eta / Double(size)
            fourth += share * eta * eta * eta * eta / (Double(size) * Double(size) * Double(size))
        }
        let source = noise * noisy
        let steady = Self.units.map { unit in
            hessian.anticommutator(unit) * rate + hessian.sandwich(unit) * -square
        }
        let columns = zip(steady, spreads).map { column, spread in column + spread * -noisy }
        guard let moment = Self.solve(columns, source), let additive = Self.solve(steady, source) else { return nil }
        let full = SymmetricPair(objective.surface.hessian, times: objective.scale)
        let floor = full.halfTrace(with: moment)
        // An unstable recurrence has a solution too, but no second moment.
        guard moment.first >= 0 && moment.second >= 0 && floor >= 0 else { return nil }
        excess = floor
        multiplicativeShare = floor > 0 ? 1 - full.halfTrace(with: additive) / floor : 0
        (self.optimum, self.hessian, self.columns, self.moment) = (optimum, full, columns, moment)
        variance =
            Self.variance(of: moment, on: objective, rate: rate)
            + fourth * Self.fourthCumulant(of: gradients, on: objective, rate: rate)
        let error = objective.rounding(ofStepFrom: objective.optimumSize, learningRate: learningRate)
        rounding = objective.surface.eigensystem.values.reduce(0) { sum, value in
            let distance = error / (1 - abs(1 - rate * value))
            return sum + 0.5 * objective.scale * value * distance * distance
        }
    }

    /// How far the mean excess over these numbers of updates is above the floor because of where the run began, on average over
    /// the batches.
    ///
    /// Negative for a start below the floor. Costs a step of the recurrence per update.
    package func remainder(ofStart start: [Double], over updates: Range<Int>) -> Double {
        let (w, b) = (start[0] - optimum[0], start[1] - optimum[1])
        var moment = SymmetricPair(w * w, w * b, b * b) + self.moment * -1
        var sum = 0.0
        for update in 0..<updates.upperBound {
            if update >= updates.lowerBound { sum += hessian.halfTrace(with: moment) }
            moment =
                moment
                + (columns[0] * moment.first + columns[1] * moment.mixed + columns[2] * moment.second) * -1
        }
        return sum / Double(updates.count)
    }

    /// The standard deviation of the mean excess over so many steps at the floor, as a part of the floor.
    ///
    /// As if the samples' Hessians were equal, which a large `multiplicativeShare` exceeds.
    package func scatter(ofMeanOver stepCount: Int) -> Double {
        excess > 0 ? (variance / Double(stepCount)).squareRoot() / excess : 0
    }

    // MARK: - Internals

    private static let units = [SymmetricPair(1, 0, 0), SymmetricPair(0, 1, 0), SymmetricPair(0, 0, 1)]

    /// The sizes of an epoch's batches, and which part of them has each.
    private static func batches(
        of count: Int, _ batchSize: Int, hasShortBatches: Bool
    ) -> [(size: Int, share: Double)] {
        let (full, rest) = count.quotientAndRemainder(dividingBy: batchSize)
        guard hasShortBatches, full > 0, rest > 0 else { return [(batchSize, 1)] }
        return [(batchSize, Double(full) / Double(full + 1)), (rest, 1 / Double(full + 1))]
    }

    /// The variance of the mean excess over many steps, times their number, as if distances were normally distributed.
    ///
    /// Coordinates c of the eigenvectors with curvatures λ go with r = 1 - ηλ per step, so that c_j² and c_k² have the covariance
    /// 2 M_jk² r_k^2l after l steps (Isserlis 1918).
    private static func variance(
        of moment: SymmetricPair, on objective: Objective, rate: Double
    ) -> Double {
        let eigensystem = objective.surface.eigensystem
        let memory = eigensystem.values.map { value in
            let left = (1 - rate * value) * (1 - rate * value)
            return left / (1 - left)
        }
        var sum = 0.0
        for (j, first) in eigensystem.vectors.enumerated() {
            for (k, second) in eigensystem.vectors.enumerated() {
                let entry =
                    first[0] * (moment.first * second[0] + moment.mixed * second[1])
                    + first[1] * (moment.mixed * second[0] + moment.second * second[1])
                let curvatures = objective.scale * objective.scale * eigensystem.values[j] * eigensystem.values[k]
                sum += 0.5 * curvatures * entry * entry * (1 + memory[j] + memory[k])
            }
        }
        return sum
    }

    /// What single large gradients at the minimum add to that variance, divided by η⁴f³; 0 where they are no more frequent than
    /// normally distributed ones.
    ///
    /// A step's noise ηg adds η²g'Gg to the sum of all later excesses, where G is half the Hessian over 1 - r² in its own
    /// directions. The noises of different steps are independent, so that only its variance depends on more of them
    /// than their covariance.
    private static func fourthCumulant(of gradients: [[Double]], on objective: Objective, rate: Double) -> Double {
        let eigensystem = objective.surface.eigensystem
        let factors = eigensystem.values.map { value in
            let left = (1 - rate * value) * (1 - rate * value)
            return 0.5 * objective.scale * value / (1 - left)
        }
        var (sum, squares) = (0.0, 0.0)
        var products = factors.map { _ in factors.map { _ in 0.0 } }
        for gradient in gradients {
            let coordinates = eigensystem.coordinates(of: gradient)
            var added = 0.0
            for j in factors.indices {
                added += factors[j] * coordinates[j] * coordinates[j]
                for k in factors.indices { products[j][k] += coordinates[j] * coordinates[k] }
            }
            sum += added
            squares += added * added
        }
        let count = Double(gradients.count)
        var normal = sum / count * (sum / count)
        for j in factors.indices {
            for k in factors.indices {
                let covariance = products[j][k] / count
                normal += 2 * factors[j] * factors[k] * covariance * covariance
            }
        }
        return max(0, squares / count - normal)
    }

    /// Σ x_k column_k = right, by Cramer's rule.
    private static func solve(_ columns: [SymmetricPair], _ right: SymmetricPair) -> SymmetricPair? {
        let rows = { (a: SymmetricPair, b: SymmetricPair, c: SymmetricPair) in
            a.first * (b.mixed * c.second - b.second * c.mixed) - b.first * (a.mixed * c.second - a.second * c.mixed)
                + c.first * (a.mixed * b.second - a.second * b.mixed)
        }
        let determinant = rows(columns[0], columns[1], columns[2])
        guard determinant != 0 else { return nil }
        return SymmetricPair(
            rows(right, columns[1], columns[2]) / determinant, rows(columns[0], right, columns[2]) / determinant,
            rows(columns[0], columns[1], right) / determinant)
    }
}

extension PowerFeatures {
    /// Whether the model is y = θ_0 x^p + θ_1, for which second moments have three numbers.
    var isFeatureAndConstant: Bool { powers.count == 2 && powers[1] == 0 }
}
