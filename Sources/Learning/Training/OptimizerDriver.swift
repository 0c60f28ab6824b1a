import Autograd
import TextFormats

/// The update of a model's parameters: one optimizer per group of parameters with the same settings, their learning
/// rates, and the clipping of gradients.
struct OptimizerDriver<Scalar: TensorScalar> {
    /// Parameters that share all settings.
    private struct Group {
        /// Positions in the model's order.
        let members: [Int]
        let configuration: OptimizerConfiguration
        var optimizer: any Optimizer<Scalar>
        var rate: ScheduledRate

        /// Moves the group's parameters, which are all of `parameters`.
        mutating func update(_ parameters: inout [Scalar], at step: Int, gradients: [Scalar]) {
            let settings = rate.settings(at: step)
            optimizer.update(&parameters, gradients: gradients, settings: settings)
        }

        /// Moves the group's parameters among all.
        mutating func updateMembers(of parameters: inout [Scalar], at step: Int, gradients: [Scalar]) {
            var own = members.map { parameters[$0] }
            update(&own, at: step, gradients: members.map { gradients[$0] })
            for (member, value) in zip(members, own) { parameters[member] = value }
        }
    }

    private let clipping: GradientClipping?
    private let schedule: ScheduleConfiguration?
    private let parameterCount: Int
    /// The learning rate that is recorded: that of parameters without one of their own.
    private var rate: ScheduledRate
    private var groups: [Group] = []
    /// An optimizer that moves all parameters by itself.
    private var search: (any SearchOptimizer<Scalar>)?
    private let optimizerName: String

    init(_ configuration: RunConfiguration) throws(LearningError) {
        clipping = configuration.clipping
        self.schedule = configuration.schedule
        optimizerName = configuration.optimizer.name
        let layout = configuration.model.layout
        parameterCount = layout.count
        var schedule: (any Schedule)?
        if let described = configuration.schedule { schedule = try ScheduleRegistry.makeSchedule(described) }
        rate = ScheduledRate(base: configuration.optimizer.learningRate, schedule: schedule)
        let settings = layout.parameters.flatMap { parameter in
            let own = configuration.optimizer.configuration(of: parameter.name)
            return parameter.range.map { _ in own }
        }
        for own in settings where !groups.contains(where: { $0.configuration == own }) {
            let members = settings.indices.filter { settings[$0] == own }
            let rule = try OptimizerRegistry.makeDescriptor(own)
            switch rule.makeOptimizer(of: Scalar.self, parameterCount: members.count) {
            case .direct(let optimizer):
                groups.append(
                    Group(
                        members: members, configuration: own, optimizer: optimizer,
                        rate: ScheduledRate(base: own.learningRate, schedule: schedule)))
            case .searching(let optimizer):
                search = optimizer
                return
            }
        }
    }

    /// Continues under other settings: an optimizer of the same name and an unchanged schedule keep their state, others
    /// start again.
    mutating func change(to configuration: RunConfiguration) throws(LearningError) {
        var next = try OptimizerDriver(configuration)
        if next.schedule == schedule {
            next.rate.takeSchedule(of: rate)
            for index in next.groups.indices { next.groups[index].rate.takeSchedule(of: rate) }
        }
        if next.optimizerName == optimizerName {
            try next.takeState(of: self)
        }
        self = next
    }

    private mutating func takeState(of other: OptimizerDriver) throws(LearningError) {
        if let begun = other.search, let fresh = search {
            search = begun.following(fresh)
            return
        }
        guard groups.map(\.members) == other.groups.map(\.members) else {
            throw LearningError(
                .invalidHyperparameter,
                "the change would give parameters settings of their own, or take them away, and \(optimizerName) keeps one "
                    + "state for those that share all", advice: "leave it out")
        }
        for index in groups.indices {
            if let optimizer = other.groups[index].optimizer.following(groups[index].optimizer) {
                groups[index].optimizer = optimizer
            }
        }
    }

    /// Whether the loss will be evaluated again for an update.
    var isSearching: Bool { search != nil }

    /// The learning rate of a step; the schedule must have seen all losses before it.
    func learningRate(at step: Int) -> Double {
        rate.settings(at: step).learningRate
    }

    /// The running averages of the parameters, where the optimizer keeps them.
    var averages: [Scalar]? {
        var averages = [Scalar](repeating: 0, count: parameterCount)
        for group in groups {
            guard let own = group.optimizer.averages else { return nil }
            for (member, average) in zip(group.members, own) { averages[member] = average }
        }
        return groups.isEmpty ? nil : averages
    }

    /// Moves the parameters by the gradients of a step.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    mutating func update(_ parameters: inout [Scalar], at step: Int, loss: Scalar, gradients: [Scalar]) {
        let gradients = clipping?.clipped(gradients) ?? gradients
        if groups.count == 1 {
            groups[0].update(&parameters, at: step, gradients: gradients)
        } else {
            for index in groups.indices {
                groups[index].updateMembers(of: &parameters, at: step, gradients: gradients)
            }
        }
        observe(loss, at: step)
    }

    /// Moves the parameters by a search that starts from the loss and the gradients of a step.
    mutating func search(
        _ parameters: inout [Scalar], at step: Int, loss: Scalar, gradients: [Scalar],
        evaluate: (_ parameters: [Scalar], _ gradients: inout [Scalar]) throws -> Scalar
    ) throws {
        let gradients = clipping?.clipped(gradients) ?? gradients
        guard var search else { return }
        try search.update(&parameters, loss: loss, gradients: gradients, settings: rate.settings(at: step)) {
            parameters, gradients in
            let loss = try evaluate(parameters, &gradients)
            gradients = clipping?.clipped(gradients) ?? gradients
            return loss
        }
        self.search = search
        observe(loss, at: step)
    }

    private mutating func observe(_ loss: Scalar, at step: Int) {
        rate.observe(Double(loss), at: step)
        for index in groups.indices { groups[index].rate.observe(Double(loss), at: step) }
    }
}

/// An optimizer's learning rate with the schedule that changes it, if any.
struct ScheduledRate {
    private let base: Double
    private var schedule: (any Schedule)?

    init(base: Double, schedule: (any Schedule)?) {
        self.base = base
        self.schedule = schedule
    }

    /// Continues the schedule of `other`, which may have seen losses.
    mutating func takeSchedule(of other: ScheduledRate) {
        schedule = other.schedule
    }

    func settings(at step: Int) -> StepSettings {
        guard let schedule else { return StepSettings(learningRate: base) }
        return StepSettings(
            learningRate: schedule.learningRate(at: step, from: base), momentum: schedule.momentum(at: step))
    }

    /// Shows the schedule a step's loss.
    mutating func observe(_ loss: Double, at step: Int) {
        guard let learningRate = schedule?.learningRate(at: step, from: base) else { return }
        schedule?.observe(loss, at: step, learningRate: learningRate)
    }
}
