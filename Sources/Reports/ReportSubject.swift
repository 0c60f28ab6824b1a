/// What a report is on.
package enum ReportSubject: Sendable, Equatable {
    /// All planned runs of the sweep with this name.
    case sweep(String)
    /// The runs with these ids; one that is named twice counts once.
    case runs([Int64])
}
