import ArgumentParser
import Experiments
import Foundation

/// Who trains a sweep, and what a cluster is asked for.
struct EngineOptions: ParsableArguments {
    /// Where the runs of a sweep are trained.
    enum Engine: String, ExpressibleByArgument, CaseIterable {
        case local, slurm
        /// What `--enqueue-only` was called before.
        case none

        static let allValueStrings = ["local", "slurm"]
    }

    @Option(
        help: """
            Who trains: local (this process) or slurm (batch scripts for a cluster).
            """)
    private var engine = Engine.local
    @Flag(help: "Only queue the runs, for sweep shard or sweep resume.")
    private var enqueueOnly = false
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("slurm: how many tasks share the runs: 1 to 10000.", valueName: "count"))
    var tasks: Int?
    @Option(help: ArgumentHelp("slurm: the partition. (default: the cluster's)", valueName: "name"))
    var partition: String?
    @Option(
        help: ArgumentHelp(
            "slurm: the time limit of a task, such as 00:30:00. (default: the cluster's)", valueName: "hh:mm:ss"))
    var time: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "slurm: how many tasks may run at one moment: 1 to 10000. (default: all)", valueName: "count"))
    var maxParallel: Int?
    @Flag(help: "slurm: hand the scripts to sbatch; else they are only written.")
    var submit = false

    /// Who trains; none where the runs are only queued.
    var kind: Engine { enqueueOnly ? .none : engine }

    func validate() throws {
        if enqueueOnly, engine == .slurm {
            throw ValidationError("--enqueue-only: --engine slurm does more than to queue the runs; leave one out")
        }
        let flags = [
            ("--tasks", tasks != nil), ("--partition", partition != nil), ("--time", time != nil),
            ("--max-parallel", maxParallel != nil), ("--submit", submit),
        ]
        if engine != .slurm, let flag = flags.first(where: \.1)?.0 {
            throw ValidationError("\(flag) belongs to --engine slurm; give that too, or leave it out")
        }
        for (flag, value) in [("--tasks", tasks), ("--max-parallel", maxParallel)] {
            if let value, !(1...10_000).contains(value) {
                throw ValidationError("\(flag): '\(value)' is not a number of tasks; give one from 1 to 10000")
            }
        }
        if engine == .slurm, tasks == nil {
            throw ValidationError(
                "--engine slurm needs to know how many tasks share the runs; give for example --tasks 16")
        }
        for (flag, text) in [("--partition", partition), ("--time", time)] {
            let isPlain = text?.utf8.allSatisfy { SlurmScripts.plainInOptions.contains($0) } ?? true
            if let text, text.isEmpty || text.hasPrefix("-") || !isPlain {
                throw ValidationError(
                    "\(flag): '\(text)' is no single word of letters and digits; give it as sbatch takes it")
            }
        }
    }

    /// What Slurm is asked for, for a sweep of so many runs.
    func request(runCount: Int, workers: Int) -> SlurmScripts.Request {
        SlurmScripts.Request(
            taskCount: max(1, min(tasks ?? 1, runCount)), partition: partition, timeLimit: time,
            maxParallel: maxParallel, workers: workers)
    }
}

/// How a sweep is trained.
struct WorkerOptions: ParsableArguments {
    @Option(
        name: .customLong("workers"),
        help: ArgumentHelp("How many threads train, which changes no number: 1 to 256.", valueName: "threads"))
    var count = 2
    @Option(
        help: ArgumentHelp(
            """
            What a failed run means for the others: continue or stop. The same failure three times in a row stops the sweep \
            in any case.
            """, valueName: "action"))
    var onFail = FailurePolicy.continue

    func validate() throws {
        guard (1...256).contains(count) else {
            throw ValidationError("--workers: '\(count)' is not a number of threads; give one from 1 to 256")
        }
    }
}

extension FailurePolicy: ExpressibleByArgument {}
