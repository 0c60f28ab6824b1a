package import TextFormats

/// Why the notebook could not be opened, read or written.
///
/// Its sentence names what is wrong with the offending value, and the fix. Options stand in it by their names; the program
/// spells them.
package struct TrackingError: MessageError {
    /// What kind of failure it is, for callers that react to it.
    package enum Code: Sendable {
        /// There is no such file, or no folder to create it in.
        case missingFile
        case isDirectory
        /// The tables, views or indexes are not those that gradbook makes, or there are triggers.
        case alteredSchema
        /// The file is something else than an SQLite database.
        case notADatabase
        /// An SQLite database of another program.
        case foreignApplication
        /// Written by a newer gradbook.
        case newerSchema
        /// Written by an older gradbook and opened without the right to migrate it.
        case olderSchema
        /// The file that was being written is not at its path any more.
        case replaced
        /// The operating system or SQLite refused to open the file.
        case cannotOpen
        case readOnly
        /// Another program held the lock for longer than the busy timeout.
        case busy
        case diskFull
        /// The system starts no more threads.
        case noThread
        /// SQLite found the file damaged.
        case damaged
        /// No run, sweep or data set has this id or name.
        case notFound
        case nameTaken
        /// The run was claimed again since; this worker's result is not wanted any more.
        case superseded
        /// A row that is already stored has other numbers.
        case conflict
        /// More keys of logged numbers than a notebook takes.
        case tooManyKeys
        /// The query is not a single SELECT, or SQLite does not understand it.
        case invalidQuery
        /// Any other failure SQLite reports.
        case sqlite
    }

    package let code: Code
    /// What is wrong.
    package let message: MessageText
    /// What to do about it; nil where nothing is known, or the message says it.
    package let advice: MessageText?
    /// The error of a layer below that this one passes on.
    package let underlying: (any Error)?

    package init(
        _ code: Code, _ message: MessageText, advice: MessageText? = nil, underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.advice = advice
        self.underlying = underlying
    }
}

extension CommandText.Option {
    /// The notebook that a command is for, where a message is of a file that may not be the command's own.
    static func notebook(_ path: String) -> Self { Self("db", path) }
}
