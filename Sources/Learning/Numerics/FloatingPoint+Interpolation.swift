extension FloatingPoint {
    /// This value moved by `weight` of the way to `end`, as PyTorch's `lerp`: from the nearer end, fused.
    func interpolated(to end: Self, by weight: Self) -> Self {
        weight < 1 / 2
            ? addingProduct(weight, end - self)
            : end.addingProduct(weight - 1, end - self)
    }

    /// -1, 0 or 1, as the value is below, at or above 0.
    var signum: Self {
        self > 0 ? 1 : (self < 0 ? -1 : 0)
    }
}
