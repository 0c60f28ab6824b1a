import Experiments
import Foundation
import TextFormats
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
