import ArgumentParser
import Experiments

/// How a sweep's configurations are chosen.
struct SearchOptions: ParsableArguments {
    @Option(help: "grid: every combination; random or sobol: drawn, sobol more evenly.")
    var search: String?
    @Option(parsing: .unconditional, help: "How many configurations are drawn.")
    var trials: String?
    @Option(parsing: .unconditional, help: "Decides what is drawn; 0 unless given.")
    var sweepSeed: String?

    func read() throws -> Search {
        try Search(method: search, trials: trials, seed: sweepSeed)
    }
}
