/// The SQL behind tables of the report, as a person may type it into `sqlite3`.
struct ReportQuery: Sendable, Equatable {
    /// What files and sentences call a query: the same in every report.
    enum ID: String, Sendable, CaseIterable {
        case arms, times, completeness, problem, `protocol`, defaults, trials, budgets, targets, pairwise, leaderboard
        case curves, parameters, divergence, theory
        case theorySteps = "theory-steps"
        case configurations
    }

    let id: ID
    /// The headings of the sections whose tables have its numbers.
    let sections: [String]
    /// What its rows are.
    let rows: String
    /// What the program computes from the rows, where SQL cannot.
    var note: String?
    let sql: String
}
