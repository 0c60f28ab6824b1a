extension ReportData {
    /// The configuration's fields that differ between configurations: optimizer, learning rate and batch size first, the
    /// others in alphabetical order.
    ///
    /// A field that only some configurations have varies only if those differ.
    var varyingFields: [String] {
        let varying = fieldNames.filter { values(of: $0).count > 1 }
        let first = ["optimizer.name", "optimizer.lr", "batch_size"].filter(varying.contains)
        return first + varying.filter { !first.contains($0) }
    }

    /// The fields with one value in all configurations that have them, in alphabetical order.
    var constantFields: [ConstantField] {
        fieldNames.compactMap { name in
            let values = values(of: name)
            guard values.count == 1, let value = values.first else { return nil }
            return ConstantField(
                name: name, value: value, isEverywhere: groups.allSatisfy { $0.configuration[name] != nil })
        }
    }

    /// The seed is no part of a configuration.
    private var fieldNames: [String] {
        Set(groups.flatMap { $0.configuration.values.keys }).subtracting(["seed"]).sorted()
    }

    private func values(of name: String) -> Set<String> {
        Set(groups.compactMap { $0.configuration[name] })
    }
}

/// A setting that no two configurations of a report disagree on.
struct ConstantField: Sendable, Equatable {
    let name: String
    let value: String
    /// False for a setting that only some configurations have, such as one optimizer's.
    let isEverywhere: Bool
}
