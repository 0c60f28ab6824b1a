/// The lines of a file of values between tabs, as `cut`, `awk` and PostgreSQL's COPY read it.
///
/// Nothing is quoted: a tab in a value is `\t`, a line feed `\n`, a carriage return `\r` and a backslash `\\`, so that every line
/// feed ends a row and every tab a value.
package enum TSVText {
    /// A row with its line end.
    package static func line(_ values: [String]) -> String {
        values.map(escaped).joined(separator: "\t") + "\n"
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D || $0 == 0x5C }) else { return value }
        var result = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
