package import Learning

/// The models of the tests, which are not built in.
package enum TestModels {
    /// Lets configurations of this process name them.
    package static func register() {
        for model in [Series.self, TensorSeries.self, Exponential.self] as [any Model.Type] {
            ModelRegistry.register(model)
        }
    }

    /// The model of a text such as `series:degree=3`.
    package static func model(_ text: String) throws -> ModelConfiguration {
        register()
        return try ModelConfiguration(text: text)
    }
}
