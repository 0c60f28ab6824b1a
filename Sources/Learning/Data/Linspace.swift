/// Evenly spaced numbers, each library's way, bit for bit.
package enum Linspace {
    /// `np.linspace(start, end, count)`: i * step + start, rounded twice; the last element is `end` itself.
    package static func numpy(from start: Double, through end: Double, count: Int) -> [Double] {
        guard count > 1 else { return count == 1 ? [start] : [] }
        let step = (end - start) / Double(count - 1)
        var values = (0..<count).map { Double($0) * step + start }
        values[count - 1] = end
        return values
    }

    /// `torch.linspace(start, end, count)`: from both ends towards the middle, each element rounded once.
    package static func torch<Scalar: BinaryFloatingPoint>(
        from start: Scalar, through end: Scalar, count: Int
    ) -> [Scalar] {
        guard count > 1 else { return count == 1 ? [start] : [] }
        let step = (end - start) / Scalar(count - 1)
        return (0..<count).map { i in
            i < count / 2
                ? start.addingProduct(step, Scalar(i))
                : end.addingProduct(-step, Scalar(count - 1 - i))
        }
    }
}
