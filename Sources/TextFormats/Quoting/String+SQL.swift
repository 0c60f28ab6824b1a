extension String {
    /// As a name in SQL: plain names as they are, others in quotes.
    package var sqlIdentifier: String {
        let isPlain =
            first.map { $0.isASCII && ($0.isLetter || $0 == "_") } ?? false
            && allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return isPlain && !Self.reservedInSQL.contains(lowercased())
            ? self : "\"\(doubling("\""))\""
    }

    /// As a text in SQL.
    package var sqlText: String { "'\(doubling("'"))'" }

    /// With every one of these quotes twice, scalar by scalar: one with an accent is another character to Swift, but not to
    /// those who read SQL or CSV.
    func doubling(_ quote: Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar == quote { result.append(quote) }
            result.append(scalar)
        }
        return String(result)
    }

    /// The keywords of SQLite that cannot be names.
    private static let reservedInSQL = Set(
        """
        add all alter and as autoincrement between case check collate commit constraint create default deferrable delete \
        distinct drop else escape except exists foreign from group having if in index insert intersect into is isnull join \
        limit not nothing notnull null on or order primary references returning select set table then to transaction union \
        unique update using values when where
        """.split(separator: " ").map(String.init))
}
