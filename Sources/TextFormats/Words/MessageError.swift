/// An error for people: what is wrong with the offending value, and what to do about it.
package protocol MessageError: Error, CustomStringConvertible {
    /// What is wrong.
    var message: MessageText { get }
    /// What to do about it; nil where nothing is known, or the message says it.
    var advice: MessageText? { get }
    /// The whole sentence, with options still to be spelled.
    var text: MessageText { get }
}

extension MessageError {
    package var text: MessageText { advice.map { "\(message); \($0)" } ?? message }

    /// The whole sentence with the bare names of options.
    package var description: String { text.description }
}
