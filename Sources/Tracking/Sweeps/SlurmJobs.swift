import GRDB

/// What of a sweep was handed to Slurm: one array of jobs that train, and one job that merges.
package struct SlurmJobs: Sendable, Equatable {
    /// The number of the array's job.
    package let array: String
    /// The number of the job that merges.
    package let merge: String
    package let taskCount: Int
    /// Where scripts and shards are, seen from the notebook's folder.
    package let folder: String

    package init(array: String, merge: String, taskCount: Int, folder: String) {
        self.array = array
        self.merge = merge
        self.taskCount = taskCount
        self.folder = folder
    }
}

extension SweepStore {
    /// Keeps what was submitted.
    package func addSlurmJobs(_ jobs: SlurmJobs, ofSweep sweep: Int64) throws(TrackingError) {
        try file.write { try $0.insert(jobs, ofSweep: sweep, now: file.now()) }
    }

    /// What of a sweep was handed to Slurm, oldest first.
    package func slurmJobs(ofSweep sweep: Int64) throws(TrackingError) -> [SlurmJobs] {
        try file.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id, array_job, merge_job, tasks, folder FROM slurm_jobs WHERE sweep_id = ? ORDER BY id",
                arguments: [sweep]
            ).map { row in
                let row = StoredRow(row, of: "the record of Slurm jobs", in: database)
                return try SlurmJobs(
                    array: row.value("array_job"), merge: row.value("merge_job"), taskCount: row.count("tasks"),
                    folder: row.value("folder"))
            }
        }
    }
}

extension Database {
    func insert(_ jobs: SlurmJobs, ofSweep sweep: Int64, now: String) throws {
        try execute(
            sql: """
                INSERT INTO slurm_jobs (sweep_id, array_job, merge_job, tasks, folder, submitted_at) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [sweep, jobs.array, jobs.merge, jobs.taskCount, jobs.folder, now])
    }
}
