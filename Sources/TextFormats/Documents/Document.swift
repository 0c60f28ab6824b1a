/// Headings, paragraphs, tables and figures in order, however they are written.
package struct Document: Sendable, Equatable {
    package indirect enum Block: Sendable, Equatable {
        case heading(level: Int, Prose)
        case paragraph(Prose)
        case list([Prose])
        case table(Table)
        /// Verbatim, in a language such as `sh`.
        case code(String, language: String)
        /// A picture at a path beside the document, and what its lines, bands and dots are.
        case image(path: String, title: String, caption: Prose = "")
        /// What a reader must know before the rest: paragraphs, then perhaps a list.
        case alert(Alert, [Prose], list: [Prose] = [])
        /// What few readers need: its summary stands there, the blocks appear on a click, or at once on paper.
        case details(summary: Prose, [Block])
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

        /// The same columns with the first rows only.
        package func prefix(_ count: Int) -> Table {
            var table = self
            table.rows = Array(rows.prefix(count))
            return table
        }
    }

    /// Of all its pictures.
    package var imagePaths: Set<String> { Set(blocks.flatMap(\.imagePaths)) }

    /// Without links to headings that the document does not have: what they say stays.
    package var withoutDeadLinks: Document {
        let headings = Set(blocks.flatMap(\.headings))
        return Document(
            blocks.map { block in
                block.mapProse { prose in
                    prose.withoutLinks { $0.hasPrefix("#") && !headings.contains(String($0.dropFirst())) }
                }
            })
    }
}

extension Document.Block {
    /// What links to its headings say after the number sign.
    fileprivate var headings: [String] {
        switch self {
        case .heading(_, let prose): [prose.anchor]
        case .details(_, let blocks): blocks.flatMap(\.headings)
        default: []
        }
    }

    fileprivate var imagePaths: [String] {
        switch self {
        case .image(let path, _, _): [path]
        case .details(_, let blocks): blocks.flatMap(\.imagePaths)
        default: []
        }
    }

    fileprivate func mapProse(_ change: (Prose) -> Prose) -> Document.Block {
        switch self {
        case .heading(let level, let prose): .heading(level: level, change(prose))
        case .paragraph(let prose): .paragraph(change(prose))
        case .list(let items): .list(items.map(change))
        case .table(let table): .table(table.mapProse(change))
        case .code: self
        case .image(let path, let title, let caption): .image(path: path, title: title, caption: change(caption))
        case .alert(let alert, let paragraphs, let items):
            .alert(alert, paragraphs.map(change), list: items.map(change))
        case .details(let summary, let blocks):
            .details(summary: change(summary), blocks.map { $0.mapProse(change) })
        }
    }
}

extension Document.Table {
    fileprivate func mapProse(_ change: (Prose) -> Prose) -> Document.Table {
        var table = self
        table.rows = rows.map { $0.map(change) }
        return table
    }
}

/// A line of text with code, emphasis and links in it.
///
/// A literal is the program's own words, which hold no markup and stand as they are; what is interpolated is text of
/// anybody, which is escaped wherever it is written:
///
///     let prose: Prose = "\(em: "rank"): \(name) of \(count), see \(link: "below", to: "#below")"
package struct Prose: Sendable, Equatable {
    package indirect enum Part: Sendable, Equatable {
        /// The program's own words.
        case words(String)
        /// Anybody's text.
        case text(String)
        case code(String)
        case emphasis(Prose)
        case strong(Prose)
        case link(Prose, target: String)
    }

    package private(set) var parts: [Part]

    package init(_ parts: [Part]) { self.parts = parts }

    /// Anybody's text.
    package init(text: String) { parts = [.text(text)] }

    /// The program's own words, such as a number with its interval.
    package init(words: String) { parts = [.words(words)] }

    package static func + (a: Prose, b: Prose) -> Prose { Prose(a.parts + b.parts) }

    /// What a link to a heading of this text says after the number sign.
    package var anchor: String { plainText.lowercased().replacing(" ", with: "-") }

    /// With the text instead of the links whose targets are of this kind.
    fileprivate func withoutLinks(_ isLeftOut: (String) -> Bool) -> Prose {
        Prose(
            parts.flatMap { part -> [Part] in
                switch part {
                case .words, .text, .code: [part]
                case .emphasis(let prose): [.emphasis(prose.withoutLinks(isLeftOut))]
                case .strong(let prose): [.strong(prose.withoutLinks(isLeftOut))]
                case .link(let prose, let target):
                    isLeftOut(target) ? prose.parts : [part]
                }
            })
    }

    /// Without markup.
    package var plainText: String {
        parts.map { part in
            switch part {
            case .words(let words): words.replacing("\n", with: " ")
            case .text(let text), .code(let text): text
            case .emphasis(let prose), .strong(let prose), .link(let prose, _): prose.plainText
            }
        }.joined()
    }
}

extension Prose: ExpressibleByStringInterpolation {
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.words(literal)) }
        }

        package mutating func appendInterpolation(_ text: String) { parts.append(.text(text)) }
        package mutating func appendInterpolation(_ number: Int) { parts.append(.words(String(number))) }
        package mutating func appendInterpolation(_ prose: Prose) { parts += prose.parts }
        package mutating func appendInterpolation(text: String) { parts.append(.text(text)) }
        package mutating func appendInterpolation(words: String) { parts.append(.words(words)) }
        package mutating func appendInterpolation(code: String) { parts.append(.code(code)) }
        package mutating func appendInterpolation(em: Prose) { parts.append(.emphasis(em)) }
        package mutating func appendInterpolation(strong: Prose) { parts.append(.strong(strong)) }
        package mutating func appendInterpolation(link: Prose, to target: String) {
            parts.append(.link(link, target: target))
        }
    }

    package init(stringLiteral value: String) { self.init(value.isEmpty ? [] : [.words(value)]) }
    package init(stringInterpolation: StringInterpolation) { self.init(stringInterpolation.parts) }
}

extension Sequence<Prose> {
    /// One after another, with the program's words between them.
    package func joined(separator: String) -> Prose {
        var parts: [Prose.Part] = []
        for (index, prose) in enumerated() {
            if index > 0 { parts.append(.words(separator)) }
            parts += prose.parts
        }
        return Prose(parts)
    }
}
