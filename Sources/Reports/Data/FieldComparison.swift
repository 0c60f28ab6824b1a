import Tracking

/// In which fields configurations differ, and in which they agree.
struct FieldComparison: Sendable, Equatable {
    /// A setting that no two configurations disagree on.
    struct Constant: Sendable, Equatable {
        let name: String
        let value: String
        /// False for a setting that only some configurations have, such as one optimizer's.
        let isEverywhere: Bool
    }

    /// The names of the fields with different values: optimizer, learning rate and batch size first, the others in
    /// alphabetical order.
    ///
    /// A field that only some configurations have varies only if those differ.
    let varying: [String]
    /// The fields with one value in all configurations that have them, in alphabetical order.
    let constant: [Constant]

    init(of configurations: [ConfigurationFields]) {
        var values: [String: (distinct: Set<String>, count: Int)] = [:]
        for (name, value) in configurations.lazy.flatMap(\.values) {
            values[name, default: ([], 0)].distinct.insert(value)
            values[name, default: ([], 0)].count += 1
        }
        var varying: [String] = []
        var constant: [Constant] = []
        for (name, found) in values.sorted(by: { $0.key < $1.key }) {
            if let value = found.distinct.first, found.distinct.count == 1 {
                constant.append(
                    Constant(name: name, value: value, isEverywhere: found.count == configurations.count))
            } else {
                varying.append(name)
            }
        }
        let first = ["optimizer.name", "optimizer.lr", "batch_size"].filter(varying.contains)
        self.varying = first + varying.filter { !first.contains($0) }
        self.constant = constant
    }

    /// The settings by which a configuration differs from the others, such as "lr 0.1, momentum 0.9"; its optimizer if
    /// none does.
    func label(of configuration: ConfigurationFields) -> String {
        let settings = varying.compactMap { name in
            configuration[name].map { "\(ConfigurationFields.label(of: name)) \($0)" }
        }
        return settings.isEmpty ? configuration["optimizer.name"] ?? "" : settings.joined(separator: ", ")
    }
}
