import Foundation

/// What Slurm knows of jobs.
enum SlurmQueue {
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
