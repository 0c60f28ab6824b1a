import TextFormats

/// The schedules that a configuration can name.
package enum ScheduleRegistry {
    /// In the order of listings.
    package static let all: [any ScheduleRule.Type] = [
        ConstantSchedule.self, StepSchedule.self, MultiStepSchedule.self, LinearSchedule.self,
        ExponentialSchedule.self, CosineSchedule.self, CosineRestartsSchedule.self, PolynomialSchedule.self,
        OneCycleSchedule.self, CyclicSchedule.self, PlateauSchedule.self, WarmUpSchedule.self,
    ]

    /// The rule of that name, or of PyTorch's, however it is written: `onecycle`, `one-cycle` or `OneCycleLR`.
    package static func rule(named name: String) throws(LearningError) -> any ScheduleRule.Type {
        let rule = all.first { rule in
            [rule.name, rule.torchName].contains { $0.map(plainName) == plainName(name) }
        }
        guard let rule else {
            let names = all.map { $0.name }
            throw LearningError(
                .invalidSchedule, "there is no schedule '\(name)'\(NearestName.hint(for: name, among: names))",
                advice: "the schedules are \(names.joined(separator: ", "))")
        }
        return rule
    }

    /// Reads a schedule as it is typed, such as `warmup:total=50+cosine:total=450,min=0`; defaults are filled in.
    package static func configuration(from text: String) throws(LearningError) -> ScheduleConfiguration {
        let configuration = try ScheduleText.configuration(from: text)
        _ = try makeSchedule(configuration)
        return configuration
    }

    /// The schedule that `configuration` describes, checked.
    package static func makeSchedule(_ configuration: ScheduleConfiguration) throws(LearningError) -> any Schedule {
        switch configuration {
        case .named(let name, let values):
            let rule = try rule(named: name)
            return try rule.init(try rule.table.checked(values))
        case .sequence(let stages):
            let schedules = try makeSchedules(stages)
            for (stage, schedule) in zip(stages, schedules).dropLast() where schedule.length == nil {
                throw LearningError(
                    .invalidSchedule, "'\(stage)' never ends, so no schedule can follow it", advice: "put it last")
            }
            return ScheduleSequence(schedules)
        case .product(let factors):
            for factor in factors.dropFirst() {
                if case .named(let name, _) = factor, try rule(named: name).replacesLearningRate {
                    throw LearningError(
                        .invalidSchedule, "'\(factor)' replaces the learning rate of the schedules before it",
                        advice: "put it first")
                }
            }
            return ScheduleProduct(try makeSchedules(factors))
        }
    }

    /// Without capitals, hyphens and the LR of PyTorch's names.
    private static func plainName(_ name: String) -> String {
        name.lowercased().filter(\.isLetter).replacing("lr", with: "")
    }

    private static func makeSchedules(
        _ configurations: [ScheduleConfiguration]
    ) throws(LearningError) -> [any Schedule] {
        guard !configurations.isEmpty else {
            throw LearningError(.invalidSchedule, "a combination of schedules is empty", advice: "name at least one")
        }
        var schedules: [any Schedule] = []
        for configuration in configurations { schedules.append(try makeSchedule(configuration)) }
        return schedules
    }
}

extension ScheduleRule {
    static var table: HyperparameterTable {
        HyperparameterTable(owner: "the schedule \(name)", entries: hyperparameters)
    }
}
