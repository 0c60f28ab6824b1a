import Tracking

/// How every table can be had without this report.
struct QueriesSection {
    let data: ReportData

    var text: String {
        "## The SQL behind each table\n\n"
            + ReportQueries(data).all.map { "\($0.table):\n\n\(MarkdownText.fenced($0.sql, language: "sql"))\n" }
            .joined()
    }
}
