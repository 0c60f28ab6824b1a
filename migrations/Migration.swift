/// One step of the schema's history.
///
/// A step that has been shipped never changes: a later change to the schema is another step.
package struct Migration: Sendable, Equatable {
    /// The file's name without `.sql`, for instance `0001_initial`.
    package let identifier: String
    /// The statements of the file, to be executed in one transaction.
    package let sql: String

    package init(identifier: String, sql: String) {
        self.identifier = identifier
        self.sql = sql
    }
}
