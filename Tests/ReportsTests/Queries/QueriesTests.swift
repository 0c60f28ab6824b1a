import TestRows
import Testing
import Tracking

@testable import Reports
@testable import Statistics

struct QueriesTests {
    private func notebook() throws -> SampleNotebook {
        let notebook = try SampleNotebook(dataset: .line(xDivisor: 2, yDivisor: 3, yOffset: 4))
        try notebook.addSweep(
            .mixed + [
                SampleRun(learningRate: 0.5, seed: 1, ending: .failed), SampleRun(learningRate: 0.5, seed: 2),
                SampleRun(learningRate: 0.5, seed: 3), SampleRun(learningRate: 0.5, seed: 4, ending: .queued),
            ])
        return notebook
    }

    @Test(arguments: [ReportSubject.sweep("demo"), .runs([1, 2, 3, 19, 20])])
    func `every query in the report runs and answers`(subject: ReportSubject) throws {
        let notebook = try notebook()

        let queries = try notebook.markdown(on: subject).components(between: "```sql\n", and: "\n```")

        #expect(queries.count > 9)
        for query in queries {
            #expect(try !notebook.query(query).isEmpty, "\(query)")
        }
    }

    @Test
    func `the query of the leaderboard gives the numbers of the table`() throws {
        let notebook = try notebook()
        let data = try notebook.data()

        let rows = try notebook.rows(.leaderboard, of: notebook.findings())

        let groups = try Comparison(data, options: ReportOptions()).leaderboard(data)
        #expect(rows.map { $0["group_id"] } == groups.map { .text($0.id) })
        let statistics: [(column: String, value: (ConfigurationGroup) -> Double?)] = [
            ("median_final_loss", { $0.losses.median }), ("interval_low", { $0.losses.medianInterval()?.low }),
            ("interval_high", { $0.losses.medianInterval()?.high }), ("lower_quartile", { $0.losses.quartile(1) }),
            ("upper_quartile", { $0.losses.quartile(3) }), ("best_loss", { $0.losses.values.first }),
            ("worst_loss", { $0.losses.values.last }),
        ]
        for (column, value) in statistics {
            #expect(rows.map { $0[column] } == groups.map { .number(value($0)) }, "\(column)")
        }
        let counts: [(column: String, value: (ConfigurationGroup) -> Int64)] = [
            ("done", { Int64($0.doneCount) }), ("diverged", { Int64($0.divergedCount) }),
            ("planned", { Int64($0.plannedCount) }), ("results", { Int64($0.resultCount) }),
            ("unstable", { Int64($0.unstableCount) }), ("worst_seed", { $0.worst.seed }),
        ]
        for (column, value) in counts {
            #expect(rows.map { $0[column] } == groups.map { .integer(value($0)) }, "\(column)")
        }
        #expect(
            rows.map { $0["best_seed"] } == groups.map { $0.best.hasValue ? .integer($0.best.seed) : .null })
        for (row, group) in zip(rows, groups) {
            let median = group.logExcesses?.median ?? .infinity
            switch row["log10_excess"] {
            case .real(let decades): #expect(abs(decades - median) < 1e-9)
            default: #expect(median == .infinity)
            }
        }
    }

    @Test
    func `the leaderboard of the notebook has the same medians and seeds`() throws {
        // The view ranks every planned run, and knows no unstable ones.
        let notebook = try SampleNotebook()
        try notebook.addSweep(.mixed)
        let groups = try notebook.data().groups

        let rows = try notebook.query("SELECT * FROM leaderboard WHERE sweep = 'demo'")

        #expect(rows.map { $0["group_id"] } == groups.map { .text($0.id) })
        #expect(rows.map { $0["median_final_loss"] } == groups.map { .number($0.losses.median) })
        #expect(rows.map { $0["worst_seed"] } == groups.map { .integer($0.worst.seed) })
    }

    @Test
    func `the query of the problem gives the numbers of the card`() throws {
        let notebook = try notebook()
        let data = try notebook.data()
        let problem = try #require(data.problems.first)

        let row = try #require(try notebook.rows(.problem, of: notebook.findings()).first)
        let curvature = try #require(problem.curvature)

        #expect(row["minimum_loss"] == .number(problem.minimumLoss))
        #expect(row["largest_curvature"] == .real(curvature.largest))
        #expect(row["smallest_curvature"] == .real(curvature.smallest))
        #expect(row["condition_number"] == .real(curvature.largest / curvature.smallest))
        #expect(row["edge"] == .real(2 / curvature.largest))
    }

    @Test
    func `the query of the curves gives the medians behind the sparklines`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep((1...5).map { SampleRun(seed: $0) })
        let data = try notebook.data()

        let rows = try notebook.rows(.curves, of: notebook.findings())

        #expect(rows.count == Sparkline.cellCount)
        for (row, cell) in zip(rows, data.groups[0].medianCurve) {
            guard case .value(let median) = cell, case .real(let decades) = row["log10_excess"] else {
                Issue.record("no number at step \(String(describing: row["step"]))")
                continue
            }
            #expect(abs(decades - median) < 1e-9)
        }
    }

    @Test
    func `the query of the steps to the target gives the times of the runs`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...4).map { SampleRun(seed: $0, stepCount: 60, factor: 0.5 + 0.1 * Double($0)) }
                + [
                    SampleRun(optimizer: "adam", momentum: nil, seed: 1, stepCount: 60, ending: .diverged(at: 40)),
                    SampleRun(optimizer: "adam", momentum: nil, seed: 2, stepCount: 60, factor: 1.2),
                ])
        let data = try notebook.data()

        let rows = try notebook.rows(.times, of: notebook.findings())

        #expect(rows.map { $0["run"] } == data.runs.map { .integer($0.run.id) })
        let times = data.runs.map { $0.time?.reached }
        let steps = times.map { time -> SQLValue in time.map { .integer(Int64($0)) } ?? .null }
        #expect(rows.map { $0["steps_to_target"] } == steps)
        #expect(Set(times).count > 2)
    }

    @Test
    func `the query of divergence gives the table's rows`() throws {
        let notebook = try notebook()
        let data = try notebook.data()
        let ended = data.runs.filter { $0.run.state == .diverged || $0.run.state == .failed }

        let rows = try notebook.rows(.divergence, of: notebook.findings())
        let products = ended.map { run in run.problem.curvature.map { run.run.plan.learningRate * $0.largest } }

        #expect(rows.map { $0["run"] } == ended.map { .integer($0.run.id) })
        #expect(
            rows.map { $0["lr_times_curvature"] }
                == products.map { .number($0) })
    }

    @Test
    func `the query of the parameters gives the units of the file`() throws {
        let notebook = try notebook()
        let data = try notebook.data()
        let best = data.groups.filter(\.best.isDone).sorted { $0.id < $1.id }

        let rows = try notebook.rows(.parameters, of: notebook.findings())

        #expect(rows.map { $0["w"] } == best.map { .number($0.best.originalUnits?[0]) })
        #expect(rows.map { $0["b"] } == best.map { .number($0.best.originalUnits?[1]) })
        #expect(rows[0]["exact_w"] == .real(3 * 3.25 / 4))
        #expect(rows[0]["exact_b"] == .real(3 * 2 + 4))
    }

    @Test
    func `a name with quotes finds its sweep`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep([SampleRun()], named: "it's \"mine\"")

        let findings = try notebook.findings(on: .sweep("it's \"mine\""))

        #expect(try notebook.rows(.leaderboard, of: findings).count == 1)
    }
}

extension String {
    fileprivate func components(between start: String, and end: String) -> [String] {
        split(separator: start).dropFirst().map { part in String(part.split(separator: end)[0]) }
    }
}
