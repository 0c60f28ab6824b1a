import Learning
import TextFormats

/// Why an experiment cannot be planned or carried out, as one sentence with the offending value and the fix.
package struct ExperimentError: Error, Equatable, CustomStringConvertible {
    /// What kind of mistake it is, for callers that react to it.
    package enum Code: Sendable {
        /// A file that cannot be read or does not hold what it should.
        case unusableFile
        /// A file that cannot be written.
        case unwritableFile
        /// A value that the plan cannot use.
        case invalidValue
        /// A hyperparameter that the optimizer does not have.
        case unknownSetting
        /// The same request cannot be carried out in the notebook's present state.
        case conflict
        /// Training itself failed.
        case trainingFailed
        /// Somebody asked the process to end before it was done.
        case interrupted
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

extension ExperimentError {
    /// What is wrong with the setting that `flag` gave.
    init(_ error: LearningError, flag: String?) {
        let prefix = flag.map { "\($0): " } ?? ""
        // A schedule has hyperparameters too, but with every optimizer the same ones.
        let isOfOptimizer = error.code == .unknownHyperparameter && flag == "--set"
        self.init(isOfOptimizer ? .unknownSetting : .invalidValue, prefix + error.description)
    }

    /// A cancelled sweep cannot go on as it is.
    init(cancelledSweep name: String) {
        self.init(
            .conflict,
            "sweep '\(name)' was cancelled; gradbook sweep retry \(name.quotedForShell) --state cancelled queues its runs "
                + "again")
    }
}
