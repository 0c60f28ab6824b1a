import Learning

/// Mathematical functions whose last bit may differ from one C library or processor to another.
///
/// Everything else a run computes is made of operations that IEEE 754 rounds in one way.
enum PlatformFunctions {
    /// Which of them a run's numbers depend on, with where.
    static func used(by configuration: RunConfiguration) -> [String] {
        var used: [String] = []
        if configuration.initialization.values.values.contains(.normal) {
            used.append("log, sin and cos (normal start)")
        }
        let functions = configuration.model.model.platformFunctions
        if !functions.isEmpty {
            used.append("\(functions.joined(separator: " and ")) (model \(configuration.model))")
        }
        if ["asgd", "adafactor", "nadam"].contains(configuration.optimizer.name) {
            used.append("pow (\(configuration.optimizer.name))")
        }
        if configuration.schedule != nil { used.append("pow and cos (schedule)") }
        return used
    }
}
