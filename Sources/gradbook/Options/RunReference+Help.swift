import Experiments
import Tracking

extension RunReference {
    /// For the help of every command that takes one run.
    static let explanation = """
        A run is named by its id, its name or the beginning of it, last, or best:SWEEP (the middle run of its best configuration).
        """

    /// For the help of every command that takes any number of runs.
    static let explanationOfSeveral = """
        Runs are named by ids, ranges 2..5, names or their beginnings, last, best:SWEEP (the middle run of its best \
        configuration), a sweep's name, or a filter in quotes as in gradbook runs; run:NAME and sweep:NAME say which of the \
        two is meant. Several add up, as 1 3..5; only conditions beside each other must all hold.
        """
}

extension Store {
    /// Finds the runs that words of the command line mean.
    var finder: RunFinder {
        RunFinder(self, settingPaths: RunSetting.listingPaths, settingWords: RunSetting.listingWords) { $0.isAlive }
    }
}
