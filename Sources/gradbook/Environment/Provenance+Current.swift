import Foundation
import Tracking

extension Provenance {
    /// This program, in this process, as it was called.
    static var current: Provenance {
        Provenance(
            version: Version.current,
            gitCommit: GitCommit.checkedOut(),
            command: (["gradbook"] + CommandLine.arguments.dropFirst()).map(\.quotedForShell).joined(separator: " "),
            process: ProcessIdentity.current)
    }
}

extension String {
    /// The argument as a shell must be given it to pass it on unchanged.
    var quotedForShell: String {
        let plain = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%")
        if !isEmpty && unicodeScalars.allSatisfy(plain.contains) { return self }
        return "'" + replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
