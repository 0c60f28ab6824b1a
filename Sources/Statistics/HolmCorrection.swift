/// p values of several tests, raised so that the chance of any false finding among them stays at the level (Holm 1979).
package enum HolmCorrection {
    /// In the order of `values`.
    ///
    /// With p_(1) ≤ … ≤ p_(m) in ascending order, the adjusted p_(i) is max_{j ≤ i} min(1, (m + 1 - j) p_(j)).
    package static func adjusted(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var adjusted = values
        var highest = 0.0
        for (place, index) in order.enumerated() {
            highest = max(highest, min(1, Double(values.count - place) * values[index]))
            adjusted[index] = highest
        }
        return adjusted
    }
}
