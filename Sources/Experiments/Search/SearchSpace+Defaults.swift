import Learning

extension SearchSpace {
    /// The settings of conditional axes of which no part applies to a point, so that it has their defaults: flags, and
    /// hyperparameters that the point's optimizer has.
    package func defaulted(in point: RawSettings) -> [SettingName] {
        axes.filter { $0.condition != nil }.map(\.setting).withoutRepeats().filter { setting in
            if case .hyperparameter(let name) = setting, !point.hasHyperparameter(name) { return false }
            return point[setting] == nil
        }
    }
}

extension RawSettings {
    fileprivate func hasHyperparameter(_ name: String) -> Bool {
        let optimizer = fields[.optimizer] ?? RunSpec().configuration.optimizer.name
        return (try? OptimizerRegistry.descriptor(named: optimizer).hasHyperparameter(name)) ?? false
    }
}
