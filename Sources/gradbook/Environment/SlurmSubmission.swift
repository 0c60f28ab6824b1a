import Experiments
import Foundation
import TextFormats
import Tracking

/// Puts a queued sweep before Slurm: the plan, the scripts and, if wanted, the jobs.
struct SlurmSubmission {
    let name: String
    let notebook: URL
    let request: SlurmScripts.Request

    /// Writes everything a cluster needs into a folder beside the notebook and returns the scripts.
    ///
    /// Each submission has a folder of its own, so that no shard of an earlier one is lost or taken for a new one.
    func prepare(from store: Store) throws -> SlurmScripts {
        let safeName = String(name.map { "/\\:".contains($0) ? "-" : $0 })
        let files = FileManager.default
        let submissions = notebook.deletingLastPathComponent().appending(
            path: "\(safeName).slurm", directoryHint: .isDirectory)
        var number = 1
        while files.fileExists(atPath: submissions.appending(path: "\(number)").path) { number += 1 }
        let folder = submissions.appending(path: "\(number)", directoryHint: .isDirectory)
        let scripts = SlurmScripts(
            sweep: name, program: try program, notebook: notebook, folder: folder, request: request)
        for folder in [folder, scripts.shards, scripts.logs] {
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
        }
        try writePlan(from: store, as: scripts.plan)
        try Data(scripts.array.utf8).write(to: scripts.arrayFile)
        try Data(scripts.merge.utf8).write(to: scripts.mergeFile)
        return scripts
    }

    /// Hands both scripts to `sbatch` and returns the jobs.
    func submit(_ scripts: SlurmScripts) throws -> SlurmJobs {
        let array = try sbatch([scripts.arrayFile.path])
        let merge = try sbatch(["--dependency=afterany:\(array)", scripts.mergeFile.path])
        let folder = scripts.shards.deletingLastPathComponent().pathComponents.suffix(2).joined(separator: "/")
        return SlurmJobs(array: array, merge: merge, taskCount: request.taskCount, folder: folder)
    }

    /// Made on this machine's own disk, like every file that SQLite writes.
    private func writePlan(from store: Store, as target: URL) throws {
        let local = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString).db")
        defer { try? FileManager.default.removeItem(at: local) }
        let plan = try Store.open(at: local.path, now: Clock.timestamp)
        let everything = try Shard(SweepShare(index: 0, of: 1), ofSweep: name, in: store)
        _ = try everything.write(into: plan, origin: .current)
        try plan.seal()
        try AtomicFile.copy(local, to: target)
    }

    private var program: URL {
        get throws {
            guard let program = Bundle.main.executableURL else {
                throw ExperimentError(
                    .unusableFile,
                    "the path of this program cannot be found out")
            }
            return program.resolvingSymlinksInPath()
        }
    }

    private func sbatch(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sbatch", "--parsable"] + arguments
        let output = Pipe()
        process.standardOutput = output
        do {
            try process.run()
        } catch {
            throw ExperimentError(
                .conflict,
                "sbatch cannot be started: \(error.localizedDescription)")
        }
        let answer = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        // `--parsable` prints the job's number, and after a semicolon the cluster's name where there are several.
        let number = String(decoding: answer, as: UTF8.self).prefix { $0.isNumber }
        guard process.terminationStatus == 0, !number.isEmpty else {
            throw ExperimentError(
                .conflict,
                "sbatch did not take '\(arguments.last ?? "")' (exit code \(process.terminationStatus))",
                advice: "the runs are queued, and the scripts are there to be submitted by hand")
        }
        return String(number)
    }
}
