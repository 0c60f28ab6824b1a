import ArgumentParser
import Experiments

/// How a sweep's configurations are chosen.
struct SearchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            How configurations are chosen: grid (all combinations), random or sobol (draws, sobol's more even) or halving \
            (the better ones train for longer). (default: grid)
            """, valueName: "method"),
        completion: .list(Search.Method.allCases.map(\.rawValue)))
    var search: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many configurations are drawn: 1 to 1000000.", valueName: "count"))
    var trials: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Decides what is drawn: any whole number. (default: 0)", valueName: "seed"))
    var sweepSeed: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "halving: one configuration in so many is promoted: 2 to 1000. (default: 3)", valueName: "count")
    )
    var eta: String?

    func read() throws -> Search {
        try Search(method: search, trials: trials, seed: sweepSeed, factor: eta)
    }
}
