import Tracking

/// Forty shards of 25,000 rows merged into a new notebook, against the bare loop that writes as many rows.
enum MergedShards {
    private static let shardCount = 40
    private static let rows = 1_000_000

    /// At least 60 % of the loop's rows per second.
    static var cases: [BenchmarkCase] {
        let files = BenchmarkFolder()
        let sweep = LargeSweep(rows: rows)
        let shards = Deferred {
            let paths = (0..<shardCount).map { files.path("shard-\($0).db") }
            sweep.writeShards(at: paths)
            return paths
        }
        return [
            BenchmarkCase(
                name: "merge-40-shards", unit: "row", units: rows, limit: 1 / 0.6, rounds: 5,
                subject: {
                    files.removeDatabase("merged.db")
                    attempt {
                        let store = try sweep.open(files.path("merged.db"))
                        for shard in shards.value { _ = try store.maintenance.merge(shard) }
                        store.close()
                    }
                },
                floor: {
                    files.removeDatabase("bare.db")
                    let runs = rows / LargeSweep.stepCount
                    BareInsertion.write(
                        runs: runs, steps: LargeSweep.stepCount, runsInTransaction: runs / shardCount,
                        to: files.path("bare.db"))
                })
        ]
    }
}
