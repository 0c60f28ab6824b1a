import ArgumentParser
import Experiments

/// How a sweep is trained.
struct WorkerOptions: ParsableArguments {
    @Option(
        name: .customLong("workers"),
        help: ArgumentHelp("How many threads train, which changes no number: 1 to 256.", valueName: "threads"))
    var count = 2
    @Option(
        help: ArgumentHelp(
            """
            What a failed run means for the others: continue or stop. The same failure three times in a row stops the sweep \
            in any case.
            """, valueName: "action"))
    var onFail = FailurePolicy.continue

    func validate() throws {
        guard (1...256).contains(count) else {
            throw ValidationError("--workers: '\(count)' is not a number of threads; give one from 1 to 256")
        }
    }
}

extension FailurePolicy: ExpressibleByArgument {}
