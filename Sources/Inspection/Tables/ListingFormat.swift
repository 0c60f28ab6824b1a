/// How rows are written.
package enum ListingFormat: String, Sendable, CaseIterable {
    /// Columns for a person's eyes.
    case table
    /// An array with one object per row.
    case json
    /// One object per line.
    case jsonl
    /// As RFC 4180 has it, with a header.
    case csv
    /// A pipe table.
    case markdown
}
