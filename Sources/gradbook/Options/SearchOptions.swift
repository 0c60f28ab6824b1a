import ArgumentParser
import Experiments

/// How a sweep's configurations are chosen.
struct SearchOptions: ParsableArguments {
    @Option(
        help: """
            grid: every combination; random or sobol: drawn, sobol more evenly; halving: of many combinations or draws the \
            better ones go on for longer.
            """)
    var search: String?
    @Option(parsing: .unconditional, help: "How many configurations are drawn.")
    var trials: String?
    @Option(parsing: .unconditional, help: "Decides what is drawn; 0 unless given.")
    var sweepSeed: String?

    @Option(parsing: .unconditional, help: "halving: one configuration in so many goes on; 3 unless given.")
    var eta: String?

    func read() throws -> Search {
        try Search(method: search, trials: trials, seed: sweepSeed, factor: eta)
    }
}
