import ArgumentParser
import Foundation

/// Which notebook a command works on.
struct DatabaseOptions: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The notebook. (default: the environment's GRADBOOK_DB, else gradbook.db here)", valueName: "file"),
        completion: .file())
    var path: String?

    @Flag(
        name: .customLong("allow-network-filesystem"),
        help: "Write to a network file system too: only safe while no other machine has the notebook open.")
    var allowsNetwork = false

    /// The file's path.
    var file: String {
        if let path { return path }
        if let path = ProcessInfo.processInfo.environment["GRADBOOK_DB"], !path.isEmpty { return path }
        return "gradbook.db"
    }
}
