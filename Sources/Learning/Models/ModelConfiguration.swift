import TextFormats
package import Theory

/// A model as a configuration names it: a registered type with a value for every argument.
///
/// It is written, typed and stored as its canonical text, a name and the arguments in alphabetical order, as in
/// `polynomial:degree=3`; two are equal if their texts are.
package struct ModelConfiguration: Sendable {
    /// The canonical text.
    package let text: String
    package let model: any Model

    /// Names and shapes of the model's parameters.
    package var layout: ParameterLayout { model.layout }

    /// The exact shape of the loss over `data`, where it is known.
    package func lossSurface(of data: TrainingData) -> LossSurface? {
        model.lossSurface(of: data)
    }

    /// Reads a text as it is typed; defaults are filled in.
    /// - Throws: `LearningError` when there is no such model or an argument does not fit.
    package init(text: String) throws(LearningError) {
        let typed = try NamedSettings(text) { entry in
            LearningError(
                .invalidModel, "'\(entry)' in the model '\(text)' is not one new NAME=VALUE",
                advice: "write it like polynomial:degree=3")
        }
        let type = try ModelRegistry.model(named: typed.name)
        let values = try type.table.values(from: typed.settings)
        self.text = NamedSettings.text(type.name, values)
        model = try type.init(HyperparameterValues(values))
    }

    /// The model with its gradients written by hand.
    /// - Throws: `LearningError` when it has none.
    func handDifferentiated() throws(LearningError) -> any HandDifferentiatedModel {
        guard let model = model as? any HandDifferentiatedModel else {
            throw LearningError(
                .unsupportedGradients, "the model \(text) has no gradients written by hand",
                advice: "choose autograd or tape")
        }
        return model
    }

    private init(_ model: Quadratic) {
        (text, self.model) = (Quadratic.name, model)
    }

    /// The textbook chapter's model, the default.
    package static let quadratic = ModelConfiguration(Quadratic(HyperparameterValues([:])))
}

extension ModelConfiguration: Hashable {
    package static func == (a: Self, b: Self) -> Bool { a.text == b.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension ModelConfiguration: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(text: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension ModelConfiguration: CustomStringConvertible {
    package var description: String { text }
}
