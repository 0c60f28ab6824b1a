import TextFormats

/// How every table can be had without this report.
struct QueriesSection {
    let queries: ReportQueries

    var blocks: [Document.Block] {
        [
            .heading(level: 2, "The SQL behind each table"),
            .paragraph(
                """
                Each query runs as it is in \(code: "sqlite3") 3.40 or newer. NULL stands where the table has a word instead of a \
                number.
                """),
        ]
            + queries.all.map { query in
                .details(summary: "SQL: \(words: query.table)", [.code(query.sql, language: "sql")])
            }
    }
}
