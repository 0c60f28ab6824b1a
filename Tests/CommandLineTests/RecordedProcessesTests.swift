import Foundation
import TestSupport
import Testing

/// Recorders that share one file.
@Suite(.timeLimit(.minutes(5)))
struct RecordedProcessesTests {
    @Test
    func `thirty-two recorders that begin one notebook and the same keys at the same moment all store every row`()
        throws
    {
        let scratch = try Scratch()
        let (rounds, steps) = (TestTier.isLong ? 5 : 1, TestTier.isLong ? 200 : 20)

        for round in 1...rounds {
            let story = try scratch.shell(
                """
                rm -f gradbook.db* ended-* failed
                for i in $(seq 32); do
                    { for s in $(seq \(steps)); do echo "{\\"step\\": $s, \\"loss\\": $i, \\"a$((s % 7))/k$s\\": $s, \\"own/k$i\\": NaN}"; done \\
                        | '\(TestedProgram.file.path)' log 2>>errors || echo $i >>failed; touch ended-$i; } &
                done
                until [ "$(ls | grep -c ended)" = 32 ]; do sleep 0.01; done
                cat failed 2>/dev/null
                """)

            #expect(story.output.isEmpty, "round \(round): \(story.output)")
            #expect(
                try scratch.sqlite3("SELECT count(*), sum(state = 'done'), sum(steps_done) FROM runs")
                    == "32|32|\(32 * steps)")
            #expect(
                try scratch.sqlite3("SELECT count(*), sum(ieee_bytes IS NOT NULL) FROM own_steps")
                    == "\(32 * steps)|\(32 * steps)")
            #expect(
                try scratch.sqlite3("SELECT count(*), count(DISTINCT name) FROM metrics WHERE name LIKE 'a_/%'")
                    == "\(32 * steps)|\(steps)")
            #expect(
                try scratch.sqlite3("SELECT count(*), count(DISTINCT name) FROM series WHERE role = 'metric'")
                    == "\(33 + steps)|\(33 + steps)")
            #expect(try scratch.gradbook("doctor", "--deep").exitCode == 0)
        }
    }
}
