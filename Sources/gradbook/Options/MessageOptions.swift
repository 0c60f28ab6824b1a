import ArgumentParser

/// How much a command says on standard error; results and errors come in any case.
struct MessageOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Leave out notes and progress; results and errors stay.")
    private var quiet = false
    @Flag(help: "Say more on standard error: which file is open, and each run that ends.")
    private var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other; give one") }
        // Here, because validating is the first that happens to options that were read.
        if quiet { Terminal.verbosity = .quiet }
        if verbose { Terminal.verbosity = .verbose }
    }
}
