import ArgumentParser
import Tracking

/// `gradbook backup`: copy the notebook.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the notebook into one new file, also while runs are being trained.",
        discussion: """
            The copy holds what was committed at one moment. A file that is there already is not replaced. A copy made \
            with cp instead may miss what still stands in the notebook's -wal file.

            Examples:
              gradbook backup today.db
              gradbook backup copy.db && gradbook runs --limit 3 --db copy.db
            """)

    @Argument(help: "The new file.", completion: .file())
    var file: String
    @OptionGroup var database: DatabaseOptions

    func run() throws {
        let store = try database.openForReading()
        defer { store.close() }
        try store.maintenance.backUp(to: file)
        try Terminal.print(file)
    }
}
