import ArgumentParser
import Experiments
import Reports

extension TuningSeeds {
    /// What `--tuning-seeds` says: nil for the standard.
    init(argument: String?) throws {
        switch argument {
        case nil: self = .standard
        case "none": self = .same
        case let text?:
            guard let seeds = try? SeedList.seeds(of: text) else {
                throw ValidationError("--tuning-seeds: '\(text)' is not a list of seeds; write 1..5, 1,2,5 or none")
            }
            self = .named(Set(seeds))
        }
    }
}
