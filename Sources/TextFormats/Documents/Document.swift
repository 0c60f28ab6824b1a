/// Headings, paragraphs, tables and figures in order, however they are written.
package struct Document: Sendable, Equatable {
    package enum Block: Sendable, Equatable {
        case heading(level: Int, Prose)
        case paragraph(Prose)
        case list([Prose])
        case table(Table)
        /// Verbatim, in a language such as `sh`.
        case code(String, language: String)
        /// A picture at a path beside the document.
        case image(path: String, title: String)
        /// What a reader must know before the rest: paragraphs, then perhaps a list.
        case alert(Alert, [Prose], list: [Prose] = [])
    }

    package enum Alert: String, Sendable {
        case warning = "Warning"
        case caution = "Caution"
    }

    package var blocks: [Block]

    package init(_ blocks: [Block]) { self.blocks = blocks }
}

extension Document {
    /// Rows of cells below the titles of their columns.
    package struct Table: Sendable, Equatable {
        package enum Alignment: Sendable {
            case left, right
        }

        package let titles: [Prose]
        package let alignments: [Alignment]
        package private(set) var rows: [[Prose]] = []

        package init(_ columns: [(title: Prose, alignment: Alignment)]) {
            titles = columns.map(\.title)
            alignments = columns.map(\.alignment)
        }

        /// - Precondition: there are as many cells as columns.
        package mutating func append(_ row: [Prose]) {
            precondition(row.count == titles.count, "\(row.count) cells for \(titles.count) columns")
            rows.append(row)
        }
    }
}
