import Foundation
import TestSupport
import Testing
import Tracking

@testable import Reports
@testable import Statistics

/// Whether every table has a query, every claim names one, and counts and theory come from the rows of theirs.
struct CoverageTests {
    /// The headings above tables, and those that the summaries of queries name.
    private func headings(_ markdown: String) -> (tables: Set<String>, queries: Set<String>) {
        let sections = markdown.components(separatedBy: "\n## ")
        let tables = sections.filter { $0.contains("\n| --") }.map { String($0.prefix { $0 != "\n" }) }
        let summaries = markdown.matches(of: #/<summary>(.*): SQL <code>/#).map { String($0.1) }
        return (Set(tables), Set(summaries.flatMap { $0.components(separatedBy: ", ") }))
    }

    @Test
    func `every section with a table names its query`() throws {
        var seen: Set<String> = []
        for (runs, defaults) in [
            (QueryStudy.large, QueryStudy.defaults), (QueryStudy.rates, DefaultSettings(optimizers: [:])),
            ([SampleRun()], QueryStudy.defaults),
        ] {
            let notebook = try SampleNotebook(dataset: .line(xDivisor: 2, yDivisor: 3, yOffset: 4))
            try notebook.addSweep(runs)
            let files = try notebook.report(on: .sweep("demo"), ReportOptions(defaults: defaults))
            let markdown = String(decoding: files["report.md"] ?? [], as: UTF8.self)
            let (tables, queries) = headings(markdown)

            #expect(tables.subtracting(queries).isEmpty)
            let all = Set(markdown.matches(of: #/(?m)^## (.*)$/#).map { String($0.1) })
            #expect(queries.subtracting(all).isEmpty)
            seen.formUnion(tables)
        }
        #expect(seen.count == 15)
    }

    @Test
    func `every claim names a query that is printed`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.large)
        let files = try notebook.report()
        let markdown = String(decoding: files["report.md"] ?? [], as: UTF8.self)
        let printed = markdown.matches(of: #/SQL <code>(.*)</code>.*</summary>/#).map { String($0.1) }
        let provenance = try JSONDecoder().decode(
            ReportProvenance.self, from: Data(files["provenance.json"] ?? []))

        let named = CSVReader.records(files["data/claims.csv"] ?? []).map { $0["query"] ?? "" }

        #expect(Set(named) == ["arms", "pairwise"])
        #expect(Set(printed).isSuperset(of: named) && Set(printed).count == printed.count)
        #expect(Set(provenance.queries.keys) == Set(printed))
        #expect(provenance.queries.values.allSatisfy { markdown.contains("```sql\n\($0)\n```") })
    }

    @Test
    func `the numbers of a claim stand in the rows of its query`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.large, target: "excess=1%")
        let findings = try notebook.findings()
        let rows = try notebook.rows(.arms, of: findings)

        for (claim, row) in zip(findings.claims.arms, rows) {
            #expect(claim.metric == "median_time")
            expect(row["middle_time"], toBe: claim.estimate, claim.id)
            expect(row["middle_time_low"], toBe: claim.low, claim.id)
            expect(row["middle_time_high"], toBe: claim.high, claim.id)
            #expect(row["results"] == .integer(Int64(claim.count)))
        }
    }

    @Test
    func `completeness has the counts of its table`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.large)
        let findings = try notebook.findings()

        let rows = try notebook.rows(.completeness, of: findings)

        for (row, count) in zip(rows, Completeness.all(findings.data)) {
            let values = Dictionary(uniqueKeysWithValues: zip(Completeness.names, count.values))
            #expect(row["optimizer"] == .text(count.optimizer))
            for name in [
                "planned", "done", "diverged", "failed", "unstable", "not promoted", "pruned or cancelled",
                "duplicates",
            ] {
                #expect(row[name.replacing(" ", with: "_")] == .integer(Int64(values[name] ?? -1)), "\(name)")
            }
            let open = (values["interrupted"] ?? -1) + (values["missing"] ?? -1)
            #expect(row["interrupted_or_missing"] == .integer(Int64(open)))
        }
        #expect(rows.count == 2)
    }

    @Test
    func `the protocol's numbers are those that its conditions are checked by`() throws {
        let notebook = try QueryStudy.notebook(
            QueryStudy.large
                + QueryStudy.rates.map { run in
                    var run = run
                    (run.momentum, run.stepCount) = (0.25, 50)
                    return run
                })
        let findings = try notebook.findings()
        let (data, arms) = (findings.data, findings.comparison.arms.flatMap(\.runs))

        let rows = try notebook.rows(.protocol, of: findings)

        let found = { (condition: String) in rows.filter { $0["condition"] == .text(condition) } }
        let numbers = { (condition: String) in found(condition).compactMap { $0["found"]?.double } }
        let conditions = Set(rows.compactMap { $0["condition"]?.string })
        #expect(conditions.isSubset(of: findings.checks.map(\.name)))
        #expect(numbers("every planned run has a result") == [Double(data.runs.count { !$0.hasResult })])
        #expect(numbers("no run repeats another") == [Double(Completeness.duplicateCount(data.runs))])
        #expect(numbers("the same data, loss and number type for all") == [Double(data.problems.count)])
        #expect(Set(numbers("the same number of steps for all")) == Set(arms.map { Double($0.run.plan.steps) }))
        #expect(
            Set(numbers("the same number of sample gradients for all"))
                == Set(arms.compactMap { $0.samplesPlanned.map(Double.init) }))
        #expect(
            numbers("the same number of configurations tried for each optimizer")
                == data.optimizers.map { Double(data.triedCount($0.runs)) })
        let rates = data.optimizers.map { $0.runs.map(\.run.plan.learningRate) }
        #expect(
            numbers("best learning rates inside their grids") == rates.compactMap { $0.min() }
                + rates.compactMap { $0.max() })
        #expect(numbers("the same start on each seed") == [2])
        #expect(findings.checks.contains { $0.finding == "different on 2 seeds" })
        #expect(found("the same program version").map { $0["found"]?.string } == ["1.2.3"])
    }

    @Test
    func `theory is compared with recorded numbers`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...3).flatMap { seed in
                [
                    SampleRun(learningRate: 0.2, seed: seed, stepCount: 60),
                    SampleRun(learningRate: 0.02, batchSize: "1", seed: seed, stepCount: 8000, sampling: "iid"),
                ]
            }
        ) { run in
            var random = SplitMix(seed: UInt64(run.seed))
            let points = [(1.0, 5.0), (0, 2), (1, 5.5)]
            return TheoryTests.rows(of: run, from: (0.5 + Double(run.seed), -0.25)) {
                run.batchSize == "full" ? points : [points[Int(random.next() >> 33) % 3]]
            }
        }
        let findings = try notebook.findings()
        let runs = try notebook.rows(.theory, of: findings)
        let places = try notebook.rows(.theorySteps, of: findings)

        var quantities: Set<String> = []
        for check in findings.theory {
            let own = { (rows: [[String: SQLValue]], column: String) in
                rows.filter { $0["group_id"] == .text(check.subject) }.compactMap { $0[column]?.double }
            }
            let candidates: [Double]
            switch check.quantity {
            case let text where text.hasPrefix("length"): candidates = own(runs, "first_step")
            case let text where text.hasPrefix("noise floor"):
                let values = own(runs, "late_excess")
                candidates = [values.reduce(0, +) / Double(values.count)]
            case let text where text.hasPrefix("excess after"): candidates = own(places, "excess")
            case "decades per step":
                candidates = Dictionary(grouping: places.filter { $0["group_id"] == .text(check.subject) }) {
                    $0["run"]?.double
                }
                .values.flatMap { rows in
                    rows.flatMap { late in
                        rows.compactMap { early in
                            guard let (steps, a, b) = difference(late, early) else { return nil }
                            return Log10.of(a / b) / (2 * steps)
                        }
                    }
                }
            default: continue
            }
            quantities.insert(check.quantity.split(separator: " ")[0].description)
            #expect(
                candidates.contains { abs($0 - check.measured) <= 1e-9 * abs(check.measured) },
                "\(check.quantity) of \(check.subject)")
        }
        #expect(quantities == ["length", "excess", "decades", "noise"])
    }

    private func difference(_ late: [String: SQLValue], _ early: [String: SQLValue]) -> (Double, Double, Double)? {
        guard let end = late["step"]?.double, let begin = early["step"]?.double, end > begin,
            let a = late["excess"]?.double, let b = early["excess"]?.double
        else { return nil }
        return (end - begin, a, b)
    }

    @Test
    func `curves are those of all seeds and of those that compare`() throws {
        let notebook = try QueryStudy.notebook(QueryStudy.large)
        let findings = try notebook.findings()
        let arm = try #require(findings.comparison.arms.first)

        let rows = try notebook.rows(.curves, of: findings)

        for (seeds, runs) in [("all", arm.group.runs), ("compared", arm.runs)] {
            let own = rows.filter { $0["seeds"] == .text(seeds) && $0["group_id"] == .text(arm.group.id) }
            let curve = ConfigurationGroup(id: arm.group.id, runs: runs).medianCurve
            #expect(own.count == curve.count)
            for (row, cell) in zip(own, curve) {
                if case .value(let median) = cell { expect(row["log10_excess"], toBe: median, seeds) }
            }
        }
    }
}
