/// How runs are named on the command line.
enum RunReference {
    /// For the help of every command that takes a run.
    static let explanation = """
        A run is named by its id, its name or the beginning of it, last, or best:SWEEP (the lowest final loss).
        """
}
