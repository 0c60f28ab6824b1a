import ArgumentParser
import Foundation

/// Which notebook a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: "The notebook's file; else the environment's GRADBOOK_DB, else gradbook.db here.")
    var path: String?

    @Flag(
        name: .customLong("allow-network-filesystem"),
        help: "Write even to a network file system; only safe while no other machine has the file open.")
    var allowsNetwork = false

    /// The file's path.
    var file: String {
        if let path { return path }
        if let path = ProcessInfo.processInfo.environment["GRADBOOK_DB"], !path.isEmpty { return path }
        return "gradbook.db"
    }
}
