import Randomness

extension SearchSpace {
    /// The configurations of the sweep in their order.
    ///
    /// Of a grid every combination of the axes' values, the last axis turning fastest; else as many as there are trials.
    package func points() -> [RawSettings] {
        let search = search
        switch search.method {
        case .grid: return combinations()
        case .halving where search.trials == nil: return combinations()
        case .random, .halving:
            let seed = UInt64(bitPattern: search.seed)
            return points { index in
                var stream = CounterStream(seed: seed, index: UInt64(index))
                return axes.map { $0.isOpen ? stream.unitDouble() : 0 }
            }
        case .sobol:
            let openCount = axes.count { $0.isOpen }
            let sequence = SobolSequence(dimensionCount: openCount, seed: UInt64(bitPattern: search.seed))
            return points { index in
                var coordinates = sequence.point(at: index)[...]
                return axes.map { $0.isOpen ? coordinates.removeFirst() : 0 }
            }
        }
    }

    /// Whether there are more combinations of the axes' values than `limit`, found out without making them all.
    ///
    /// Takes as long as the settings that conditions ask for have combinations, at most `limit`.
    func hasMoreCombinations(than limit: Int) -> Bool {
        let deciding = Set(axes.compactMap(\.condition?.setting))
        // Points that are alike in what conditions ask for.
        var groups = [(point: RawSettings(), count: 1)]
        for axis in axes {
            let holds = groups.map { axis.condition?.holds(in: $0.point) ?? true }
            let count = zip(groups, holds).reduce(0) { $0 + $1.0.count * ($1.1 ? axis.listed.count : 1) }
            guard count <= limit else { return true }
            groups = zip(groups, holds).flatMap { group, holds in
                guard holds else { return [group] }
                return deciding.contains(axis.setting)
                    ? axis.listed.map { (group.point.with(axis.setting, $0), group.count) }
                    : [(group.point, group.count * axis.listed.count)]
            }
        }
        return limit < 1
    }

    private func combinations() -> [RawSettings] {
        var points = [RawSettings()]
        for axis in axes {
            points = points.flatMap { point in
                axis.condition?.holds(in: point) ?? true
                    ? axis.listed.map { point.with(axis.setting, $0) }
                    : [point]
            }
        }
        return points
    }

    /// One point per trial; `places` gives a place of the unit interval for every axis, also where its condition does not
    /// hold, so that no axis shifts another one's draws.
    private func points(_ places: (Int) -> [Double]) -> [RawSettings] {
        (0..<(search.trials ?? 0)).map { index in
            zip(axes, places(index)).reduce(into: RawSettings()) { point, draw in
                let (axis, place) = draw
                guard axis.condition?.holds(in: point) ?? true else { return }
                point = point.with(axis.setting, axis.values.value(at: place))
            }
        }
    }
}

extension SearchSpace.Axis {
    var isSampled: Bool {
        if case .sampled = values { true } else { false }
    }

    /// Whether there is anything to choose.
    var isOpen: Bool {
        switch values {
        case .list(let values): values.count > 1
        case .sampled: true
        }
    }
}

extension SearchSpace.Condition {
    fileprivate func holds(in point: RawSettings) -> Bool {
        point[setting].map(includes) ?? false
    }
}

extension RawSettings {
    subscript(setting: SettingName) -> String? {
        switch setting {
        case .field(let field): fields[field]
        case .hyperparameter(let name): hyperparameters[name]
        }
    }

    fileprivate func with(_ setting: SettingName, _ value: String) -> RawSettings {
        var copy = self
        switch setting {
        case .field(let field): copy.fields[field] = value
        case .hyperparameter(let name): copy.hyperparameters[name] = value
        }
        return copy
    }
}
