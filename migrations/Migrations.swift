/// The schema's history, embedded in the binary.
package enum Migrations {
    /// Every step, oldest first; a file that has all of them is of version `all.count`.
    ///
    /// To add one, put `NNNN_name.sql` here, name it in `Package.swift` (`.embedInCode`) and append it to this list.
    /// SwiftPM replaces a leading digit in the generated name: `0001_initial.sql` becomes `_001_initial_sql`.
    package static let all = [
        Migration(identifier: "0001_initial", bytes: PackageResources._001_initial_sql),
        Migration(identifier: "0002_models", bytes: PackageResources._002_models_sql),
    ]
}

extension Migration {
    fileprivate init(identifier: String, bytes: [UInt8]) {
        self.init(identifier: identifier, sql: String(decoding: bytes, as: UTF8.self))
    }
}
