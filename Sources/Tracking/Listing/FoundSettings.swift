/// The settings of some configurations: those in which they differ, and those that all have in common.
struct FoundSettings {
    private struct Setting {
        let label: String
        let value: SQLValue
        /// How many configurations have it.
        var count: Int
        var isOne: Bool
        /// Whether it comes with an optimizer, a schedule or a kind of data, which tells enough.
        var isPartOfAnother: Bool
    }

    /// So many settings of other programs become columns: they may have thousands, in which every run differs.
    private static let mostColumns = 60
    private static let mostConstants = 100

    private let configurations: Int
    private var settings: [Setting] = []
    private var places: [String: Int] = [:]

    init(configurations: Int) {
        self.configurations = configurations
    }

    /// Takes what so many configurations have at a path: `distinct` values, of which `value` is one.
    mutating func add(_ path: String, label: String, count: Int, distinct: Int, value: SQLValue) {
        if let place = places[label] {
            // A trained and a recorded run call it the same.
            settings[place].count += count
            settings[place].isOne = settings[place].isOne && distinct == 1 && settings[place].value == value
            settings[place].isPartOfAnother = false
            return
        }
        places[label] = settings.count
        settings.append(
            Setting(
                label: label, value: value, count: count, isOne: distinct < 2,
                isPartOfAnother: path.contains(".hyperparameters.") || path.hasPrefix("$.data.")))
    }

    /// What only some have, such as a schedule, differs, too.
    var varying: [String] {
        settings.filter { !$0.isOne || $0.count != configurations && !$0.isPartOfAnother }.prefix(Self.mostColumns).map(
            \.label)
    }

    var constants: [RunListing.Constant] {
        settings.filter { $0.isOne && $0.count == configurations }.prefix(Self.mostConstants).map {
            RunListing.Constant(name: $0.label, value: $0.value)
        }
    }
}
