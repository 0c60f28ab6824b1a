/// The rungs of synchronous successive halving: all configurations train for a few steps, and of each rung one in so many
/// is promoted to the next, for so many times longer.
///
/// K. Jamieson and A. Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization" (2016). A rung
/// trains its configurations from their first step: what a shorter run computes is the beginning of what the longer one
/// computes, so a run stays a function of its configuration.
package struct Halving: Sendable, Equatable {
    /// How many configurations train, and for how many steps.
    package struct Rung: Sendable, Equatable {
        package let configurationCount: Int
        package let steps: Int
    }

    package let rungs: [Rung]

    /// The last rung trains for `steps`, each before it for a `factor`-th of the next; there are as many as configurations
    /// and steps allow.
    init(configurationCount: Int, steps: Int, factor: Int) {
        var counts = [configurationCount]
        var divisor = 1
        while let count = counts.last, count >= factor, steps / factor >= divisor {
            counts.append(count / factor)
            divisor *= factor
        }
        rungs = counts.map { count in
            defer { divisor /= factor }
            return Rung(configurationCount: count, steps: steps / divisor)
        }
    }
}
