import Recording
import TextFormats
import Tracking

/// What a recorder says on standard error.
enum RecordNotes {
    static let tell: @Sendable (MessageText) -> Void = { Terminal.printNote("gradbook: \($0.spelled)") }

    /// Says what became of the run; false if not everything was recorded as it came.
    static func close(_ recorder: RunRecorder, _ run: Run, isStored: Bool, in store: Store) -> Bool {
        if let failure = recorder.failure {
            Terminal.printError("gradbook: run \(run.id) is not recorded to its end: \(failure.text.spelled)")
        } else if !isStored {
            Terminal.printError(
                "gradbook: run \(run.id) is not recorded to its end: the notebook could not be written for minutes")
        }
        for sentence in recorder.troubles.sentences { Terminal.printNote("gradbook: \(sentence)") }
        if let stored = try? store.runs.find(id: run.id) {
            let name = stored.plan.name.map { " (\($0.visible))" } ?? ""
            Terminal.printNote(
                "gradbook: run \(run.id)\(name), \(stored.stepsDone.counted("step")); "
                    + "\(CommandText("show", ["\(run.id)"]).spelled) shows it")
        }
        return isStored && recorder.failure == nil && recorder.troubles.isEmpty
    }
}
