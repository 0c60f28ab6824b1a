import Foundation
import Testing

@testable import Experiments

struct ShardTests {
    @Test(arguments: [(runs: 10, count: 3), (runs: 3, count: 5), (runs: 0, count: 2), (runs: 640, count: 64)])
    func `shares are consecutive, even and complete`(runs: Int, count: Int) throws {
        let all = Array(0..<runs)

        let parts = try (0..<count).map { Array(try SweepShare(index: $0, of: count).part(of: all)) }

        #expect(parts.flatMap(\.self) == all)
        #expect((parts.map(\.count).max() ?? 0) - (parts.map(\.count).min() ?? 0) <= 1)
    }

    @Test
    func `the scripts pass names on as they are and ask for what was wanted`() {
        let scripts = SlurmScripts(
            sweep: "it's a sweep", program: URL(filePath: "/opt/grad book/gradbook"),
            notebook: URL(filePath: "/n/g.db"),
            folder: URL(filePath: "/n/s.slurm/1"),
            request: .init(taskCount: 8, partition: "short", timeLimit: "01:00:00", maxParallel: 4, workers: 2))

        #expect(
            scripts.array == #"""
                #!/bin/bash
                #SBATCH --job-name=gradbook
                #SBATCH --array=0-7%4
                #SBATCH --requeue
                #SBATCH --ntasks=1
                #SBATCH --cpus-per-task=2
                #SBATCH --output=/n/s.slurm/1/logs/shard-%a.log
                #SBATCH --open-mode=append
                #SBATCH --partition=short
                #SBATCH --time=01:00:00
                set -eu
                index=$SLURM_ARRAY_TASK_ID
                exec '/opt/grad book/gradbook' sweep shard 'it'\''s a sweep' --index "$index" --of 8 \
                    --workers 2 --db /n/s.slurm/1/plan.db --out /n/s.slurm/1/shards/shard-"$index".db

                """#)
        #expect(scripts.merge.contains("index < 8"))
        #expect(scripts.merge.contains("--db /n/g.db"))
    }

    @Test(arguments: ["a\ntouch PWNED\nb", "a % b", "a\"b", "a'\u{301}b", "a\\b", "a #b", "ü", "-x", "$(touch PWNED)"])
    func `what Slurm would read otherwise stands in no line of Slurm's`(name: String) throws {
        let scripts = SlurmScripts(
            sweep: name, program: URL(filePath: "/\(name)/gradbook"), notebook: URL(filePath: "/\(name)/g.db"),
            folder: URL(filePath: "/\(name)/s.slurm/1"), request: .init(taskCount: 2, workers: 1))

        for script in [scripts.array, scripts.merge] {
            let lines = script.split(separator: "\n").filter { $0.hasPrefix("#SBATCH") }
            let isPlain = name == "-x"
            #expect(lines.contains("#SBATCH --output=/dev/null") == !isPlain)
            #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x7F } && !$0.contains("PWNED") })
            #expect(!script.contains("\ntouch"))
            #expect(script.contains("exec >>") == !isPlain)
        }
        // Behind two dashes no name is an option.
        #expect(scripts.array.contains(" -- -x\n") == (name == "-x"))
    }
}
