/// A setting of a run as the command line names it; in a sweep each may hold several values.
package enum RunField: String, Sendable, CaseIterable, Codable {
    case recipe, optimizer, lr
    case batchSize = "batch-size"
    case steps, epochs, loss, dtype, gradients, sampling
    case initialization = "init"
    case data, x, y, scale, samples, noise
    case dataSeed = "data-seed"
    case stream, seed

    /// The flag as a person types it.
    package var flag: String { "--\(rawValue)" }
}

/// One value per setting, as text: what `run` is given, and what a point of a sweep's search space is.
package struct RunValues: Sendable, Equatable {
    package var fields: [RunField: String]
    /// Hyperparameters by name.
    package var settings: [String: String]

    package init(fields: [RunField: String] = [:], settings: [String: String] = [:]) {
        self.fields = fields
        self.settings = settings
    }
}
