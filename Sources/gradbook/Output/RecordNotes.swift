import Recording
import TextFormats
import Tracking

/// What a recorder says on standard error.
enum RecordNotes {
    /// Says where the run is, in the notebook that was asked for.
    static func tellResult(_ run: Run, in store: Store) {
        guard let identity = run.plan.identity, let stored = try? store.recorded.find(identity: identity) else {
            return
        }
        let name = stored.plan.name.map { " (\($0.visible))" } ?? ""
        Terminal.printNote(
            "gradbook: run \(stored.id)\(name), \(stored.stepsDone.counted("step")); "
                + "\(CommandText("show", ["\(stored.id)"]).spelled) shows it")
    }

    static let tell: @Sendable (MessageText) -> Void = { Terminal.printNote("gradbook: \($0.spelled)") }

    /// Says what is not recorded as it came; false if there is any.
    static func close(_ recorder: RunRecorder, _ run: Run, isStored: Bool) -> Bool {
        if let failure = recorder.failure {
            Terminal.printError("gradbook: run \(run.id) is not recorded to its end: \(failure.text.spelled)")
        } else if !isStored {
            Terminal.printError(
                "gradbook: run \(run.id) is not recorded to its end, because the notebook could not be written")
        }
        for sentence in recorder.troubles.sentences { Terminal.printNote("gradbook: \(sentence)") }
        return isStored && recorder.failure == nil && recorder.troubles.isEmpty
    }
}
