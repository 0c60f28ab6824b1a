/// The text form of schedules.
///
///     cosine:total=500,min=0                a name and values
///     warmup:total=50+cosine:total=450      one after another
///     cosine:total=500*exponential:gamma=0.99     at the same time; binds tighter than +
enum ScheduleText {
    /// Reads a text, filling in defaults.
    static func configuration(from text: String) throws(LearningError) -> ScheduleConfiguration {
        let stages = try parts(of: text, between: "+") { (stage) throws(LearningError) in
            let factors = try parts(of: stage, between: "*") { (part) throws(LearningError) in try named(part) }
            return factors.count == 1 ? factors[0] : .product(factors)
        }
        return stages.count == 1 ? stages[0] : .sequence(stages)
    }

    private static func parts(
        of text: String, between separator: Character,
        _ read: (String) throws(LearningError) -> ScheduleConfiguration
    ) throws(LearningError) -> [ScheduleConfiguration] {
        var found: [ScheduleConfiguration] = []
        for part in pieces(of: text, between: separator) { found.append(try read(part)) }
        return found
    }

    /// The pieces between separators; one that a letter does not follow is part of a number, as in 1e+3.
    private static func pieces(of text: String, between separator: Character) -> [String] {
        var pieces = [""]
        var rest = text[...]
        while let character = rest.popFirst() {
            if character == separator, !(rest.first?.isNumber ?? false) {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        return pieces
    }

    private static func named(_ text: String) throws(LearningError) -> ScheduleConfiguration {
        let name = text.prefix { $0 != ":" }
        let rule = try ScheduleRegistry.rule(named: String(name))
        let typed = try NamedSettings(text) { entry in
            LearningError(
                .invalidSchedule,
                "'\(entry)' in the schedule '\(text)' is not one new NAME=VALUE; write it like cosine:total=500,min=0"
            )
        }
        return .named(rule.name, try rule.table.values(from: typed.settings))
    }
}
