extension Sequence<Double> {
    /// The IEEE bits of each value, which tell -0.0 from 0.0 and NaN from NaN.
    package var bits: [UInt64] { map(\.bitPattern) }
}

extension Sequence<Float> {
    /// The IEEE bits of each value, which tell -0.0 from 0.0 and NaN from NaN.
    package var bits: [UInt32] { map(\.bitPattern) }
}
