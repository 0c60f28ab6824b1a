import ArgumentParser
import Recording
import TextFormats
import Tracking

/// Logs that the program writes anyway, and that are read while it runs.
struct FollowOptions: ParsableArguments {
    @Option(
        name: .customLong("follow"), parsing: .singleValue,
        help: ArgumentHelp(
            "Take metrics from this CSV or JSON-lines file while it grows; repeat for more.", valueName: "file"),
        completion: .file())
    var files: [String] = []
    @Option(
        name: .customLong("tensorboard"), parsing: .singleValue,
        help: ArgumentHelp(
            "Take metrics from the TensorBoard logs below this folder; repeat for more.", valueName: "folder"),
        completion: .directory)
    var tensorBoard: [String] = []
    @Option(
        name: .customLong("wandb"), parsing: .singleValue,
        help: ArgumentHelp(
            "Take metrics from the offline log of W&B in this folder, such as wandb; repeat for more.",
            valueName: "folder"),
        completion: .directory)
    var wandb: [String] = []

    /// What they hold from now on: what is there already is of other runs.
    func logs() throws(FileError) -> [any FollowedLog] {
        let logs: [any FollowedLog] =
            files.map { FollowedTextFile(path: $0, isNew: true) }
            + tensorBoard.map { TensorBoardFolder(path: $0, isNew: true) }
            + wandb.map { WandbFolder(path: $0, isNew: true) }
        for log in logs {
            if let failure = log.skipExisting() { throw FileError("\(failure)") }
        }
        return logs
    }
}
