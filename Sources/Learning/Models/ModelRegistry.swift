import Synchronization
import TextFormats

/// The models that a configuration can name.
package enum ModelRegistry {
    /// In the order of listings.
    package static let all: [any Model.Type] = [
        Quadratic.self
    ]

    /// What ``register(_:)`` added.
    private static let registered = Mutex<[any Model.Type]>([])

    /// Adds a model that is not built in to those that configurations of this process can name.
    ///
    /// For programs that bring their own, and for tests. The same type again changes nothing.
    ///
    /// - Precondition: no other model has its name.
    package static func register(_ model: any Model.Type) {
        registered.withLock { registered in
            if let known = (all + registered).first(where: { $0.name == model.name }) {
                precondition(known == model, "two models have the name \(model.name)")
            } else {
                registered.append(model)
            }
        }
    }

    /// The model of that name.
    package static func model(named name: String) throws(LearningError) -> any Model.Type {
        let models = registered.withLock { all + $0 }
        guard let model = models.first(where: { $0.name == name }) else {
            let names = models.map { $0.name }
            let models = names.count == 1 ? "the only model is" : "the models are"
            throw LearningError(
                .invalidModel, "there is no model '\(name)'\(NearestName.hint(for: name, among: names))",
                advice: "\(models) \(names.joined(separator: ", "))")
        }
        return model
    }
}
