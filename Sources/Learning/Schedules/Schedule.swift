/// How the learning rate changes from step to step, as a function of the step and the optimizer's learning rate.
///
/// All but ``PlateauSchedule`` are closed formulas, which agree with PyTorch's step-by-step products to 12 digits and do
/// not add up rounding errors over a long run.
package protocol Schedule: Sendable {
    /// The learning rate of a step counted from the schedule's own start; `base` is the optimizer's.
    func learningRate(at step: Int, from base: Double) -> Double

    /// The momentum (or beta1) of a step, where the schedule changes it too.
    func momentum(at step: Int) -> Double?

    /// Whether any step has a ``momentum(at:)``.
    var cyclesMomentum: Bool { get }

    /// The number of steps after which another schedule can follow; nil if this one never ends.
    var length: Int? { get }

    /// Notes the loss that a step had with this learning rate.
    mutating func observe(_ loss: Double, at step: Int, learningRate: Double)
}

extension Schedule {
    package func momentum(at step: Int) -> Double? { nil }
    package var cyclesMomentum: Bool { false }
    package var length: Int? { nil }
    package mutating func observe(_ loss: Double, at step: Int, learningRate: Double) {}
}

/// An entry of the registry: a schedule that a configuration can name.
///
/// A conforming type is one set of checked values. To add a schedule, write one file and add it to
/// ``ScheduleRegistry``.
package protocol ScheduleRule: Schedule {
    /// What a configuration calls it.
    static var name: String { get }
    /// What PyTorch calls it, where that is another word.
    static var torchName: String? { get }
    /// One line for listings.
    static var summary: String { get }
    /// In the order of the documentation.
    static var hyperparameters: [Hyperparameter] { get }
    /// Whether it replaces the optimizer's learning rate instead of scaling it.
    static var replacesLearningRate: Bool { get }

    /// Takes the values of all ``hyperparameters``, each already inside its own range.
    /// - Throws: `LearningError` when values do not go together.
    init(_ values: HyperparameterValues) throws(LearningError)
}

extension ScheduleRule {
    package static var torchName: String? { nil }
    package static var replacesLearningRate: Bool { false }
}

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
