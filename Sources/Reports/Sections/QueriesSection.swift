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
                number, "Inf" for a failure where a difference is taken. \(code: "data/claims.csv") names queries by the same ids.
                """),
        ]
            + queries.all.map { query in
                .details(
                    summary:
                        "\(words: query.sections.joined(separator: ", ")): SQL \(code: query.id.rawValue), \(words: query.rows)",
                    (query.note.map { [.paragraph(Prose(words: $0))] } ?? []) + [.code(query.sql, language: "sql")])
            }
    }
}
