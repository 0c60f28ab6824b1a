/// On which seeds configurations are chosen; they are then compared on the others.
package enum TuningSeeds: Sendable, Equatable {
    /// Those that the sweep stored, else the first quarter of 9 seeds or more.
    case standard
    case named(Set<Int64>)
    /// On the same that compare, which is optimistic.
    case same

    /// As a file has them: nil for the standard, none for the same.
    init(list: [Int64]?) {
        self = list.map { $0.isEmpty ? .same : .named(Set($0)) } ?? .standard
    }

    var list: [Int64]? {
        switch self {
        case .standard: nil
        case .named(let seeds): seeds.sorted()
        case .same: []
        }
    }
}
