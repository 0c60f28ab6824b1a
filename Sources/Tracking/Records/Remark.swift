/// What a tag, a note or an event is attached to.
package enum RemarkSubject: Sendable, Hashable {
    case run(Int64)
    case sweep(Int64)
}

/// A note of a person or an event of the program, oldest first in every listing.
package struct Remark: Sendable, Equatable {
    package let subject: RemarkSubject
    /// What happened, in one word; nil for a note.
    package let kind: String?
    package let text: String
    /// ISO 8601 text in UTC.
    package let createdAt: String
}
