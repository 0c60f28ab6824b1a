import GRDB
import TextFormats

/// What was said of two arms, as it is kept: a look at the runs that were compared.
package struct StoredVerdict: Sendable, Equatable {
    /// Which two, and in what: JSON that is the same whichever is named first.
    package let question: String
    /// The arms as they were named.
    package let first: String
    package let second: String
    /// What was compared, in words.
    package let measure: String
    package let seeds: Set<Int64>
    /// The identities of the runs.
    package let runs: Set<String>
    /// The level that p had to meet, after it was divided among the looks.
    package let alpha: Double
    /// Nil without a test.
    package let p: Double?
    /// In one word.
    package let verdict: String

    package init(
        question: String, first: String, second: String, measure: String, seeds: Set<Int64>, runs: Set<String>,
        alpha: Double, p: Double?, verdict: String
    ) {
        self.question = question
        self.first = first
        self.second = second
        self.measure = measure
        self.seeds = seeds
        self.runs = runs
        self.alpha = alpha
        self.p = p
        self.verdict = verdict
    }
}

/// The verdicts that were read from a notebook: whoever looks again after more seeds looks more often than once.
package struct VerdictStore: Sendable {
    let file: DatabaseFile

    /// Keeps a verdict; one on the same runs, whenever it was read, stays as it is.
    package func add(_ verdict: StoredVerdict) throws(TrackingError) {
        try file.write { database in
            try database.execute(
                sql: """
                    INSERT INTO verdicts (question, first, second, measure, seeds, runs, alpha, p, verdict, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    verdict.question, verdict.first, verdict.second, verdict.measure, JSONList.text(verdict.seeds),
                    JSONList.text(verdict.runs), verdict.alpha, verdict.p, verdict.verdict, file.now(),
                ])
        }
    }

    /// The verdicts that were read on a question, or on any, oldest first.
    package func all(on question: String? = nil) throws(TrackingError) -> [StoredVerdict] {
        try file.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, question, first, second, measure, seeds, runs, alpha, p, verdict FROM verdicts
                    WHERE question = coalesce(?, question) ORDER BY created_at, id
                    """,
                arguments: [question]
            ).map { row in
                let row = StoredRow(row, of: "verdict", in: database)
                guard let seeds = JSONList.values(try row.value("seeds"), as: Int64.self) else {
                    throw row.damage("seeds", isNo: "list of seeds")
                }
                guard let runs = JSONList.values(try row.value("runs"), as: String.self) else {
                    throw row.damage("runs", isNo: "list of runs")
                }
                return try StoredVerdict(
                    question: row.value("question"), first: row.value("first"), second: row.value("second"),
                    measure: row.value("measure"), seeds: seeds, runs: runs, alpha: row.value("alpha"),
                    p: row.optional("p"), verdict: row.value("verdict"))
            }
        }
    }
}
