import TextFormats

/// How a sweep's configurations are chosen from its space.
///
/// Configuration i is a function of the seed and i alone, so it does not depend on how many there are, on the number of
/// workers or on what happened before.
package struct Search: Sendable, Equatable, Codable {
    /// How configurations are chosen.
    package enum Method: String, Sendable, Codable, CaseIterable {
        /// Every combination of the values.
        case grid
        /// Independent draws.
        case random
        /// Draws of low discrepancy, which fill the space more evenly.
        case sobol
        /// Every combination, or independent draws, of which most end after a part of the steps: see ``Halving``.
        case halving
    }

    package let method: Method
    /// How many configurations are drawn; nil where they are all combinations.
    package let trials: Int?
    /// Decides, with its number, every drawn configuration.
    package let seed: Int64
    /// Of halving: one configuration in so many is promoted.
    package let factor: Int?

    package static let grid = Search(method: .grid, trials: nil, seed: 0)
    static let usualFactor = 3

    private init(method: Method, trials: Int?, seed: Int64) {
        self.method = method
        self.trials = trials
        self.seed = seed
        factor = nil
    }

    /// Reads the options `search`, `trials`, `sweep-seed` and `eta` as they are typed, nil where one is not given.
    package init(method: String?, trials: String?, seed: String?, factor: String? = nil) throws(ExperimentError) {
        let names = Method.allCases.map(\.rawValue)
        guard let method = Method(rawValue: method ?? "grid") else {
            let text = method ?? ""
            throw ExperimentError(
                .invalidValue, about: "\(option: "search")",
                "there is no '\(text)'\(NearestName.hint(for: text, among: names))",
                advice: "give one of \(names.joined(separator: ", "))")
        }
        self.method = method
        if method == .grid {
            for (name, text) in [("trials", trials), ("sweep-seed", seed)] {
                guard let text else { continue }
                throw ExperimentError(
                    .invalidValue, about: "\(option: name)",
                    "'\(text)' has no meaning for a grid, which is every combination of the values",
                    advice: "add \(option: "search") random or \(option: "search") sobol, or leave it out")
            }
        }
        if method == .halving, trials == nil {
            self.trials = nil
        } else {
            self.trials = method == .grid ? nil : try Self.count(trials, of: method)
        }
        self.seed = try Self.seed(seed)
        self.factor = try Self.factor(factor, of: method)
    }

    private static func factor(_ text: String?, of method: Method) throws(ExperimentError) -> Int? {
        guard method == .halving else {
            guard let text else { return nil }
            throw ExperimentError(
                .invalidValue, about: "\(option: "eta")",
                "'\(text)' is for \(option: "search") halving",
                advice: "add that, or leave it out")
        }
        guard let text else { return usualFactor }
        guard let factor = Int(text), (2...1000).contains(factor) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "eta")",
                "'\(text)' is not a whole number from 2 to 1000",
                advice: "give one such as \(usualFactor)")
        }
        return factor
    }

    /// With further trials, typed as `+32`.
    func adding(_ text: String) throws(ExperimentError) -> Search {
        guard let trials else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "trials")",
                "'\(text)' has no meaning for a grid",
                advice: "give more values, such as \(option: "lr") 0.5, or more seeds")
        }
        guard text.hasPrefix("+"), let more = Int(text.dropFirst()), more > 0, more <= SearchSpace.largestCount else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "trials")",
                "'\(text)' is not a number of further trials",
                advice: "write one such as +32")
        }
        return Search(method: method, trials: trials + more, seed: seed)
    }

    private static func count(_ text: String?, of method: Method) throws(ExperimentError) -> Int {
        guard let text else {
            throw ExperimentError(
                .invalidValue,
                "\(option: "search") \(method.rawValue) needs to know how many configurations",
                advice: "add \(option: "trials") 32")
        }
        guard let count = Int(text), (1...SearchSpace.largestCount).contains(count) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "trials")",
                "'\(text)' is not a whole number from 1 to \(SearchSpace.largestCount)",
                advice: "give one such as 32")
        }
        return count
    }

    private static func seed(_ text: String?) throws(ExperimentError) -> Int64 {
        guard let text else { return 0 }
        guard let seed = Int64(text) else {
            throw ExperimentError(
                .invalidValue, about: "\(option: "sweep-seed")",
                "'\(text)' is not a whole number",
                advice: "give one such as 7")
        }
        return seed
    }
}
