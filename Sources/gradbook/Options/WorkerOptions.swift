import ArgumentParser

/// How many threads carry out a sweep.
struct WorkerOptions: ParsableArguments {
    @Option(name: .customLong("workers"), help: "How many threads train; they change no number.")
    var count = 2

    func validate() throws {
        guard (1...256).contains(count) else {
            throw ValidationError("--workers: '\(count)' is not a number of threads; give one from 1 to 256")
        }
    }
}
