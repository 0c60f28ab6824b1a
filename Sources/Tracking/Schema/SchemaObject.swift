import GRDB
import TextFormats

/// A table, view, index or trigger, as `sqlite_schema` lists it.
struct SchemaObject: Hashable {
    enum Kind: String, CaseIterable {
        case table, view, index, trigger
        /// What no schema of SQLite's lists.
        case unknown
    }

    let kind: Kind
    let name: String
    /// The table it belongs to; its own name for a table or a view.
    let table: String
    /// What defines it, in SQL.
    let definition: String

    /// SQLite takes names that differ only in the case of ASCII letters for the same.
    var key: String { Self.key(name) }

    static func key(_ name: String) -> String {
        String(decoding: name.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
    }

    /// Whether both have the same kind, table and definition.
    func isSame(as other: SchemaObject) -> Bool {
        kind == other.kind && Self.key(table) == Self.key(other.table)
            && (definition == other.definition || SQLTokens(definition) == SQLTokens(other.definition))
    }

    /// Everything in the file but what SQLite makes for itself.
    static func all(in database: Database, file: String = "main") throws -> [SchemaObject] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT CAST(type AS TEXT), CAST(name AS TEXT), CAST(tbl_name AS TEXT), CAST(coalesce(sql, '') AS TEXT)
                FROM \(file.sqlIdentifier).sqlite_schema
                WHERE NOT (name LIKE 'sqlite\\_autoindex\\_%' ESCAPE '\\' AND type = 'index' AND sql IS NULL
                    OR name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') AND type = 'table')
                """
        ).map { row in
            let kind = (row[0] as String?).flatMap { Kind(rawValue: $0) } ?? .unknown
            return SchemaObject(kind: kind, name: row[1] ?? "", table: row[2] ?? "", definition: row[3] ?? "")
        }
    }

    /// What the statements of a script create, whose names need no quotes.
    static func all(createdBy script: String) -> [SchemaObject] {
        SQLTokens.statements(of: script).compactMap { statement in
            let words = statement.split(maxSplits: 5, whereSeparator: \.isWhitespace).map(String.init)
            guard words.count > 4, words[0] == "CREATE", let kind = Kind(rawValue: words[1].lowercased()) else {
                return nil
            }
            return SchemaObject(
                kind: kind, name: words[2], table: words[kind == .index ? 4 : 2], definition: statement)
        }
    }
}
