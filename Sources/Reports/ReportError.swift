package import TextFormats

/// Why a report cannot be made.
///
/// Its sentence has the offending value and the fix. Options stand in it by their names; the program spells them.
package struct ReportError: MessageError {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// The sweep or the list has no runs.
        case nothingToReport
        /// The report's folder cannot be made, or a file in it cannot be written.
        case cannotWrite
        /// The target cannot be read, or no run can reach it.
        case badTarget
        /// The baseline is not among the optimizers of the report.
        case badBaseline
        /// Seeds that are to choose configurations, and that no run has.
        case badSeeds
        /// What is to be compared is not known of the runs.
        case badMeasure
        /// What is named as one side of a comparison cannot be one.
        case badArm
        /// The report's folder holds another report, or something else.
        case folderTaken
        /// A folder that is to hold a report does not.
        case noReport
    }

    package let code: Code
    /// What is wrong.
    package let message: MessageText
    /// What to do about it; nil where the message says it.
    package let advice: MessageText?
    /// The error of a layer below that this one passes on.
    package let underlying: (any Error)?

    init(
        _ code: Code, _ message: MessageText, advice: MessageText? = nil, underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.advice = advice
        self.underlying = underlying
    }
}

extension ReportError {
    /// Every seed is to choose configurations.
    init(noSeedIsLeftOf name: String) {
        self.init(
            .badSeeds, "every seed of '\(name)' is to choose, and none is left to compare on",
            advice: "leave some out of \(option: "tuning-seeds"), or write none to choose on the seeds that compare")
    }
}
