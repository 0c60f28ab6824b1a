import Experiments
import Foundation
import TextFormats
import Tracking

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
