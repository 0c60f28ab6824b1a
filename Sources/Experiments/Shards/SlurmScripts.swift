package import Foundation
import TextFormats

/// The batch scripts with which Slurm runs a sweep: an array of tasks, each with a shard of its own, and a job
/// that merges the shards when all tasks have ended, however they ended.
///
/// Every task reads a plan that nobody writes any more, trains on its node's own disk and moves its finished shard to
/// the shared folder. A task that is requeued starts its shard again: the numbers depend on nothing but the plan.
package struct SlurmScripts: Sendable {
    /// What the cluster is asked for.
    package struct Request: Sendable, Equatable {
        package var taskCount: Int
        /// Slurm's default partition if nil.
        package var partition: String?
        /// As `sbatch --time` takes it.
        package var timeLimit: String?
        /// How many tasks may run at the same moment; all if nil.
        package var maxParallel: Int?
        /// Threads of each task.
        package var workers: Int

        package init(
            taskCount: Int, partition: String? = nil, timeLimit: String? = nil, maxParallel: Int? = nil, workers: Int
        ) {
            self.taskCount = taskCount
            self.partition = partition
            self.timeLimit = timeLimit
            self.maxParallel = maxParallel
            self.workers = workers
        }
    }

    private let sweep: String
    /// The program's file, the same on every node.
    private let program: URL
    /// The notebook that the shards are merged into.
    private let notebook: URL
    private let folder: URL
    private let request: Request

    package init(sweep: String, program: URL, notebook: URL, folder: URL, request: Request) {
        self.sweep = sweep
        self.program = program
        self.notebook = notebook.absoluteURL.standardizedFileURL
        self.folder = folder.absoluteURL.standardizedFileURL
        self.request = request
    }

    /// The plan that every task reads.
    package var plan: URL { folder.appending(path: "plan.db") }
    /// The array's script.
    package var arrayFile: URL { folder.appending(path: "array.sbatch") }
    /// The merging job's script.
    package var mergeFile: URL { folder.appending(path: "merge.sbatch") }
    /// Where tasks leave their shards.
    package var shards: URL { folder.appending(path: "shards", directoryHint: .isDirectory) }
    /// Where Slurm writes what tasks print.
    package var logs: URL { folder.appending(path: "logs", directoryHint: .isDirectory) }

    /// One task per shard.
    package var array: String {
        let limit = request.maxParallel.map { "%\($0)" } ?? ""
        return """
            #!/bin/bash
            #SBATCH --job-name=gradbook
            #SBATCH --array=0-\(request.taskCount - 1)\(limit)
            #SBATCH --requeue
            #SBATCH --ntasks=1
            #SBATCH --cpus-per-task=\(request.workers)
            #SBATCH --output=\(isPlain ? "\(logs.path)/shard-%a.log" : "/dev/null")
            #SBATCH --open-mode=append
            \(common)set -eu
            index=$SLURM_ARRAY_TASK_ID
            \(log("/shard-\"$index\".log"))\
            exec \(program.path.quotedForShell) sweep shard\(sweep.hasPrefix("-") ? "" : " \(sweep.quotedForShell)") --index "$index" --of \(request.taskCount) \\
                --workers \(request.workers) --db \(plan.path.quotedForShell) --out \(shards.path.quotedForShell)/shard-"$index".db\(sweep.hasPrefix("-") ? " -- \(sweep.quotedForShell)" : "")

            """
    }

    /// Names every shard, so that one that is not there is said to be missing.
    package var merge: String {
        """
        #!/bin/bash
        #SBATCH --job-name=gradbook-merge
        #SBATCH --ntasks=1
        #SBATCH --output=\(isPlain ? "\(logs.path)/merge.log" : "/dev/null")
        #SBATCH --open-mode=append
        \(common)set -eu
        \(log("/merge.log"))\
        shards=()
        for ((index = 0; index < \(request.taskCount); index++)); do
            shards+=(\(shards.path.quotedForShell)/shard-"$index".db)
        done
        # Nobody else writes into the notebook while this job runs.
        exec \(program.path.quotedForShell) merge "${shards[@]}" --db \(notebook.path.quotedForShell) \\
            --allow-network-filesystem

        """
    }

    /// Whether Slurm takes the path of the logs as it is: it expands `%`, and has rules of its own for quotes, blanks,
    /// backslashes and number signs.
    private var isPlain: Bool {
        logs.path.utf8.allSatisfy { Self.plain.contains($0) }
    }

    /// What partitions and times are made of.
    package static let plainInOptions = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.:,@".utf8)

    private static let plain = plainInOptions.union("/".utf8)

    /// Where Slurm does not take the path, the shell writes the log itself.
    private func log(_ file: String) -> String {
        isPlain ? "" : "exec >>\(logs.path.quotedForShell)\(file) 2>&1\n"
    }

    private var common: String {
        let partition = request.partition.map { "#SBATCH --partition=\($0)\n" } ?? ""
        return partition + (request.timeLimit.map { "#SBATCH --time=\($0)\n" } ?? "")
    }
}
