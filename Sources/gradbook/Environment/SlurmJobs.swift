/// The jobs of one submission, as an event of the sweep keeps them.
struct SlurmJobs: Equatable {
    let array: String
    let merge: String
    let taskCount: Int
    /// Where scripts and shards are, seen from the notebook's folder.
    let folder: String

    init(array: String, merge: String, taskCount: Int, folder: String) {
        self.array = array
        self.merge = merge
        self.taskCount = taskCount
        self.folder = folder
    }

    /// Reads ``event`` back; nil for any other text.
    init?(event: String) {
        let pattern = /Slurm job (\d+) of (\d+) tasks in (.+), merged by job (\d+)/
        guard let match = event.wholeMatch(of: pattern), let taskCount = Int(match.output.2) else { return nil }
        self.init(
            array: String(match.output.1), merge: String(match.output.4), taskCount: taskCount,
            folder: String(match.output.3))
    }

    var event: String { "Slurm job \(array) of \(taskCount) tasks in \(folder), merged by job \(merge)" }
}
