import Tracking

extension DatabaseOptions {
    /// The notebook, which the command cannot change.
    func openForReading() throws -> Store {
        try Store.open(at: file, access: .readOnly, now: Clock.timestamp)
    }

    /// The notebook, which must be there.
    func openForWriting() throws -> Store {
        try Store.open(at: file, mustExist: true, now: Clock.timestamp)
    }
}
