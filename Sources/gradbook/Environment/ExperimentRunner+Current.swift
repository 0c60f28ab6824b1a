import Experiments
import Tracking

extension ExperimentRunner {
    /// A notebook of this process, which from now on ends in an orderly way when it is asked to.
    convenience init(recordingInto store: Store) {
        StopSignal.watch()
        self.init(
            store, origin: .current, clock: Clock.nanoseconds, isAlive: { $0.isAlive },
            isStopping: { StopSignal.isReceived })
    }
}
