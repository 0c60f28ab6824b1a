import TextFormats

/// How every table can be had without this report.
struct QueriesSection {
    let data: ReportData

    var text: String {
        let queries = ReportQueries(data).all.map { query in
            "### SQL: \(query.table)\n\n\(MarkdownText.fenced(query.sql, language: "sql"))\n"
        }
        return """
            ## The SQL behind each table

            Each query runs as it is in `sqlite3` 3.40 or newer. NULL stands where the table has a word instead of a number.

            \(queries.joined())
            """
    }
}
