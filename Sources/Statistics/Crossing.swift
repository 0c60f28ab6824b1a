/// Where an increasing step function that is costly comes to be above 0.
enum Crossing {
    /// The lowest argument at which `function` is above 0, to within `precision`.
    ///
    /// From a guess on in growing steps, until the place is between two arguments; then by regula falsi after Illinois
    /// (Dowell and Jarratt 1971), with a bisection after two evaluations that leave more than half.
    ///
    /// - Precondition: the function is below 0 at `low` and above at `high`, and never 0.
    static func find(
        from low: Double, to high: Double, guess: Double, step: Double, precision: Double,
        _ function: (Double) -> Double
    ) -> Double {
        var (low, high, below, above) = (low, high, Double.nan, Double.nan)
        var (point, step) = (guess, step)
        while below.isNaN || above.isNaN, step > 0, point > low, point < high {
            let value = function(point)
            if value < 0 { (low, below) = (point, value) } else { (high, above) = (point, value) }
            point += value < 0 ? step : -step
            step *= 4
        }
        if below.isNaN { below = function(low) }
        if above.isNaN { above = function(high) }
        var (widths, wasBelow): ([Double], Bool?) = ([], nil)
        while high - low > precision {
            let middle = low + (high - low) / 2
            let isSlow = widths.count > 1 && high - low > widths[widths.count - 2] / 2
            let secant = low - below * (high - low) / (above - below)
            let argument = isSlow || !(secant > low && secant < high) ? middle : secant
            guard argument > low, argument < high else { break }
            widths = isSlow ? [] : widths + [high - low]
            let value = function(argument)
            let isBelow = value < 0
            if isBelow { (low, below) = (argument, value) } else { (high, above) = (argument, value) }
            if isBelow == wasBelow {
                if isBelow { above /= 2 } else { below /= 2 }
            }
            wasBelow = isBelow
        }
        return high
    }
}
