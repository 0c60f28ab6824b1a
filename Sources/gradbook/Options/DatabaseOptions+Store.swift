import Experiments
import Foundation
import TextFormats
import Tracking

extension DatabaseOptions {
    /// The notebook, which the command cannot change.
    func openForReading() throws -> Store {
        if let warning = Self.readingWarning(file, on: fileSystem) { Terminal.printError("gradbook: \(warning)") }
        return try Store.open(at: file, access: .readOnly, now: Clock.timestamp)
    }

    /// The notebook to write into, which is created unless it must be there.
    func openForWriting(
        mustExist: Bool = true, durability: Durability = .batch, lease: Double = 30
    ) throws -> Store {
        try Self.checkWriting(file, on: fileSystem, isAllowed: allowsNetwork)
        return try Store.open(
            at: file, mustExist: mustExist, durability: durability, lease: lease, now: Clock.timestamp)
    }

    private var fileSystem: FileSystem? { FileSystem(of: URL(filePath: file)) }

    /// What a reader should know of a file that other machines may have open.
    static func readingWarning(_ file: String, on fileSystem: FileSystem?) -> String? {
        guard let fileSystem, fileSystem.isNetwork else { return nil }
        return
            "'\(file)' is on a network file system (\(fileSystem.type)), where a reader may see an older state while "
            + "another machine writes"
    }

    /// Refuses to write where another machine's writing could destroy the file.
    static func checkWriting(
        _ file: String, on fileSystem: FileSystem?, isAllowed: Bool
    ) throws(ExperimentError) {
        guard let fileSystem, fileSystem.isNetwork, !isAllowed else { return }
        throw ExperimentError(
            .conflict,
            "'\(file)' is on a network file system (\(fileSystem.type)), where two machines that write "
                + "destroy the file",
            advice: "give a \(option: "db") on a local disk, or \(option: "allow-network-filesystem") if no "
                + "other machine has it open")
    }
}
