/// The schema's history, embedded in the binary.
package enum Migrations {
    /// Every step, oldest first; a file that has all of them is of version `all.count`.
    ///
    /// To add one, put `NNNN_name.sql` here, name it in `Package.swift` (`.embedInCode`), append it to this list, and change
    /// `tables.sql` in the same way.
    /// SwiftPM replaces a leading digit in the generated name: `0001_initial.sql` becomes `_001_initial_sql`.
    package static let all = [
        Migration(identifier: "0001_initial", bytes: PackageResources._001_initial_sql),
        Migration(identifier: "0002_models", bytes: PackageResources._002_models_sql),
    ]

    /// The tables and indexes that all steps lead to, with the rows of a new notebook.
    ///
    /// The same statements, but for what is white space or a comment, as SQLite has them after the last step.
    package static let tables = String(decoding: PackageResources.tables_sql, as: UTF8.self)
    /// The views of the newest version, which are made again after every step.
    package static let views = String(decoding: PackageResources.views_sql, as: UTF8.self)
}

extension Migration {
    fileprivate init(identifier: String, bytes: [UInt8]) {
        self.init(identifier: identifier, sql: String(decoding: bytes, as: UTF8.self))
    }
}
