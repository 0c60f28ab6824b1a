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
        let safeName = String(
            String.UnicodeScalarView(name.unicodeScalars.map { "/\\:".unicodeScalars.contains($0) ? "-" : $0 }))
        let files = FileManager.default
        let submissions = notebook.deletingLastPathComponent().appending(
            path: "\(safeName).slurm", directoryHint: .isDirectory)
        var number = 1
        if let target = try? files.destinationOfSymbolicLink(atPath: submissions.path) {
            throw ExperimentError(
                .unwritableFile,
                "'\(submissions.path)' is a symbolic link to '\(target)', but a folder is to be there",
                advice: "take it away, or give a \(option: "db") in another folder")
        }
        try files.createDirectory(at: submissions, withIntermediateDirectories: true)
        // Made by this process: nothing of anybody else's is in it.
        while mkdir(submissions.appending(path: "\(number)").path, 0o777) != 0 {
            guard errno == EEXIST else {
                throw ExperimentError(
                    .unwritableFile,
                    "'\(submissions.path)' cannot be written: \(String(cString: strerror(errno)))")
            }
            number += 1
        }
        let folder = submissions.appending(path: "\(number)", directoryHint: .isDirectory)
        let scripts = SlurmScripts(
            sweep: name, program: try program, notebook: notebook, folder: folder, request: request)
        do {
            for folder in [scripts.shards, scripts.logs] {
                try files.createDirectory(at: folder, withIntermediateDirectories: true)
            }
            try writePlan(from: store, as: scripts.plan)
            try WorkFolder.write(Array(scripts.array.utf8), to: scripts.arrayFile)
            try WorkFolder.write(Array(scripts.merge.utf8), to: scripts.mergeFile)
        } catch {
            try? files.removeItem(at: folder)
            // One that holds other submissions stays.
            rmdir(submissions.path)
            throw error
        }
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
        let temporary = FileManager.default.temporaryDirectory
        let work = try WorkFolder(in: temporary, for: temporary.path)
        defer { work.remove() }
        let local = work.file("plan.db")
        let plan = try Store.open(at: local.path, now: Clock.timestamp)
        let everything = try Shard(SweepShare(index: 0, of: 1), ofSweep: name, in: store)
        _ = try everything.write(into: plan, origin: .current)
        try plan.seal()
        try WorkFolder.copy(local, to: target, rights: AccessRights(ofCopyOf: notebook.path))
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

/// What Slurm says of a sweep that was submitted to it, beside what its shards hold.
struct SubmissionState: Encodable {
    /// The array's job.
    let job: String
    let mergeJob: String
    let folder: String
    let shardsPlanned: Int
    /// Shards that are complete files by now.
    let shardsDone: Int
    /// Runs that have ended in those.
    let runsInShards: Int
    let shardsDamaged: [String]
    /// How many of the array's tasks are in each state, in Slurm's words; empty when Slurm knows the job no more.
    let tasks: [String: Int]
    let mergeState: String?
    /// Why Slurm could not be asked.
    let problem: String?

    /// One line of `sweep status`.
    var text: String {
        let states = tasks.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.lowercased())" }
        let array = problem ?? (states.isEmpty ? "ended" : states.joined(separator: ", "))
        let damaged = shardsDamaged.isEmpty ? "" : ", damaged: \(shardsDamaged.joined(separator: " "))"
        return
            "Slurm job \(job): \(array); \(shardsDone) of \(shardsPlanned.counted("shard")) in \(folder) with "
            + "\(runsInShards.counted("run"))\(damaged); merged by job \(mergeJob)\(mergeState.map { ": \($0.lowercased())" } ?? "")"
    }
}

extension SubmissionState {
    /// All submissions of a sweep, as they are now, oldest first.
    static func all(of jobs: [SlurmJobs], beside notebook: URL) -> [SubmissionState] {
        jobs.map { SubmissionState($0, beside: notebook) }
    }

    private init(_ jobs: SlurmJobs, beside notebook: URL) {
        let shards = notebook.deletingLastPathComponent().appending(path: jobs.folder).appending(path: "shards")
        var (done, runs) = (0, 0)
        var damaged: [String] = []
        for index in 0..<jobs.taskCount {
            let file = shards.appending(path: "shard-\(index).db")
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            do {
                let store = try Store.open(at: file.path, access: .readOnly, now: Clock.timestamp)
                runs += try store.sweeps.all().reduce(0) { try $0 + store.sweeps.tally(ofSweep: $1.id).runsEnded }
                done += 1
            } catch {
                damaged.append(file.lastPathComponent)
            }
        }
        let answer = SlurmQueue.states(ofJobs: [jobs.array, jobs.merge])
        var tasks: [String: Int] = [:]
        for state in answer.states[jobs.array] ?? [] { tasks[state, default: 0] += 1 }
        self.init(
            job: jobs.array, mergeJob: jobs.merge, folder: jobs.folder, shardsPlanned: jobs.taskCount,
            shardsDone: done, runsInShards: runs, shardsDamaged: damaged, tasks: tasks,
            mergeState: answer.states[jobs.merge]?.first, problem: answer.problem)
    }
}

/// What Slurm knows of jobs.
private enum SlurmQueue {
    /// For each job the states of its tasks, `squeue` first, and `sacct` for what has ended, where accounting is kept.
    static func states(ofJobs jobs: [String]) -> (states: [String: [String]], problem: String?) {
        let list = jobs.joined(separator: ",")
        // Of a job that ended a while ago `squeue` says that its number is invalid.
        let waiting = answer(of: ["squeue", "--noheader", "--array", "--jobs=\(list)", "--format=%F %K %T"])
        guard waiting != nil else { return ([:], "squeue is not on this machine") }
        let ended = answer(
            of: [
                "sacct", "--noheader", "--parsable2", "--allocations", "--array", "--jobs=\(list)",
                "--format=JobID,State",
            ])
        var tasks: [String: [String: String]] = [:]
        for line in (ended ?? "").split(separator: "\n") {
            let fields = line.split(separator: "|")
            let parts = fields.first?.split(separator: "_", maxSplits: 1).map(String.init) ?? []
            guard fields.count == 2, let job = parts.first else { continue }
            tasks[job, default: [:]][parts.count > 1 ? parts[1] : "N/A"] = fields[1].split(separator: " ").first.map(
                String.init)
        }
        for line in (waiting ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count == 3 else { continue }
            tasks[fields[0], default: [:]][fields[1]] = fields[2]
        }
        return (tasks.mapValues { task in task.sorted { $0.key < $1.key }.map(\.value) }, nil)
    }

    /// What a program prints; nil when it cannot be started, nothing when it fails.
    private static func answer(of command: [String]) -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let answer = (try? output.fileHandleForReading.readToEnd()).flatMap { $0 } ?? Data()
        process.waitUntilExit()
        // `env` says 127 of a program that is not there.
        if process.terminationStatus == 127 { return nil }
        return process.terminationStatus == 0 ? String(decoding: answer, as: UTF8.self) : ""
    }
}
