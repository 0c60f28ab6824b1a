import ArgumentParser
import Experiments

/// How a sweep is carried out.
struct WorkerOptions: ParsableArguments {
    @Option(name: .customLong("workers"), help: "How many threads train; they change no number.")
    var count = 2
    @Option(
        help: """
            When a run fails: continue with the others, or stop. The same failure three times in a row stops the sweep in \
            any case.
            """)
    var onFail = FailurePolicy.continue

    func validate() throws {
        guard (1...256).contains(count) else {
            throw ValidationError("--workers: '\(count)' is not a number of threads; give one from 1 to 256")
        }
    }
}

extension FailurePolicy: ExpressibleByArgument {}
