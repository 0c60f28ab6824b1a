/// A pipe table of GitHub's Markdown; its cells are Markdown, so text of users is escaped by who fills them.
package struct MarkdownTable {
    package enum Alignment {
        case left, right
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    package init(_ columns: [(title: String, alignment: Alignment)]) {
        self.columns = columns
    }

    /// - Precondition: there are as many cells as columns.
    package mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
        rows.append(row)
    }

    /// Ends with a newline; a blank line must follow.
    package var text: String {
        let rule = columns.map { $0.alignment == .right ? "--:" : "---" }
        return ([columns.map(\.title), rule] + rows).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
    }
}
