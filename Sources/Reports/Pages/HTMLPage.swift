import TextFormats

/// A report as one page that needs nothing else: no network, no other files, and no script to be read.
///
/// Made from the report's own Markdown, of which it knows what the sections write and no more.
struct HTMLPage {
    private let title: String
    private let markdown: String
    private let figures: [String: String]

    /// `figures` are SVG by the paths that the Markdown has for them.
    init(title: String, markdown: String, figures: [String: String]) {
        self.title = title
        self.markdown = markdown
        self.figures = figures
    }

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(MarkupText.escaped(title))</title>
        <style>
        \(Self.style)
        </style>
        </head>
        <body>
        \(blocks)<script>
        \(Self.sorting)
        </script>
        </body>
        </html>

        """
    }

    // MARK: - Internals

    private var blocks: String {
        var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)[...]
        var text = ""
        while let line = lines.first {
            if line.isEmpty {
                lines.removeFirst()
            } else if line.hasPrefix("```") {
                text += Self.code(&lines)
            } else if line.hasPrefix("#") {
                text += Self.heading(lines.removeFirst())
            } else if line.hasPrefix("| ") {
                text += Self.table(Self.take(&lines) { $0.hasPrefix("|") })
            } else if line.hasPrefix(">") {
                text += Self.alert(Self.take(&lines) { $0.hasPrefix(">") })
            } else if line.hasPrefix("- ") {
                text += Self.list(Self.take(&lines) { $0.hasPrefix("- ") })
            } else if line.hasPrefix("![") {
                text += figure(lines.removeFirst())
            } else {
                let paragraph = Self.take(&lines) { !$0.isEmpty && !$0.hasPrefix("```") }
                text += "<p>\(InlineMarkup.html(paragraph.joined(separator: "\n")))</p>\n"
            }
        }
        return text
    }

    /// The lines up to the first that is not `wanted`.
    private static func take(_ lines: inout ArraySlice<Substring>, _ wanted: (Substring) -> Bool) -> [Substring] {
        let taken = lines.prefix(while: wanted)
        lines = lines.dropFirst(taken.count)
        return Array(taken)
    }

    private static func code(_ lines: inout ArraySlice<Substring>) -> String {
        let fence = lines.removeFirst().prefix { $0 == "`" }
        let code = take(&lines) { $0 != fence }
        lines = lines.dropFirst()
        return "<pre><code>\(code.map { MarkupText.escaped(String($0)) }.joined(separator: "\n"))</code></pre>\n"
    }

    private static func heading(_ line: Substring) -> String {
        let level = line.prefix { $0 == "#" }.count
        let text = line.dropFirst(level + 1)
        let id = MarkupText.escaped(text.lowercased().replacing(" ", with: "-"))
        return "<h\(level) id=\"\(id)\">\(InlineMarkup.html(String(text)))</h\(level)>\n"
    }

    private static func table(_ lines: [Substring]) -> String {
        let rows = lines.map(cells)
        guard rows.count >= 2 else { return "" }
        let classes = rows[1].map { $0.hasSuffix(":") ? " class=\"n\"" : "" }
        let row = { (cells: [String], tag: String) in
            "<tr>"
                + zip(cells, classes).map { "<\(tag)\($1)>\(InlineMarkup.html($0))</\(tag)>" }.joined() + "</tr>\n"
        }
        return "<div class=\"t\"><table>\n<thead>\(row(rows[0], "th"))</thead>\n<tbody>\n"
            + rows.dropFirst(2).map { row($0, "td") }.joined() + "</tbody>\n</table></div>\n"
    }

    /// What stands between the bars of a row; a bar after a backslash is text.
    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line.dropFirst(2).dropLast(2) {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return cells.map { cell in
            var cell = cell[...]
            while cell.first == " " { cell.removeFirst() }
            while cell.last == " " { cell.removeLast() }
            return String(cell)
        }
    }

    private static func alert(_ lines: [Substring]) -> String {
        let content = lines.map { $0.dropFirst($0.hasPrefix("> ") ? 2 : 1) }
        let word = content[0].dropFirst(2).dropLast()
        var rest = content.dropFirst()
        var text = "<p><strong>\(word.prefix(1))\(word.dropFirst().lowercased())</strong></p>\n"
        while let line = rest.first {
            if line.hasPrefix("- ") {
                text += list(take(&rest) { $0.hasPrefix("- ") })
            } else {
                text += line.isEmpty ? "" : "<p>\(InlineMarkup.html(String(line)))</p>\n"
                rest.removeFirst()
            }
        }
        return "<aside>\n\(text)</aside>\n"
    }

    private static func list(_ lines: [Substring]) -> String {
        "<ul>\n" + lines.map { "<li>\(InlineMarkup.html(String($0.dropFirst(2))))</li>\n" }.joined() + "</ul>\n"
    }

    private func figure(_ line: Substring) -> String {
        guard let start = line.lastIndex(of: "("), let svg = figures[String(line[start...].dropFirst().dropLast())]
        else {
            return ""
        }
        return "<figure>\n\(svg)</figure>\n"
    }

    private static let style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem;
        color: #1f2328; background: #ffffff }
        h2 { border-bottom: 1px solid #d8dee4; margin-top: 2.5rem } a { color: #0969da }
        .t { overflow-x: auto } table { border-collapse: collapse; font-size: 13px }
        th, td { border: 1px solid #d8dee4; padding: 3px 8px; text-align: left; vertical-align: top }
        th { background: #f6f8fa; cursor: pointer } .n { text-align: right; font-variant-numeric: tabular-nums }
        pre { background: #f6f8fa; padding: 12px; overflow-x: auto; font-size: 12px } figure { margin: 1.5rem 0 }
        figure svg { max-width: 100%; height: auto } aside { border-left: 4px solid #bf8700; padding: 0 1rem }
        @media (prefers-color-scheme: dark) {
        body { color: #e6edf3; background: #0d1117 } h2, th, td { border-color: #30363d } a { color: #4493f8 }
        th, pre { background: #161b22 }
        }
        """

    /// A click on a column's head sorts its table: numbers as numbers, what is none behind them.
    private static let sorting = """
        document.querySelectorAll("th").forEach(function (head) {
          head.addEventListener("click", function () {
            var column = head.cellIndex, body = head.closest("table").tBodies[0];
            var down = head.dataset.down = head.dataset.down === "no" ? "yes" : "no";
            var key = function (row) { return row.cells[column].textContent; };
            Array.from(body.rows).sort(function (a, b) {
              var x = parseFloat(key(a)), y = parseFloat(key(b));
              var order = isNaN(x) || isNaN(y) ? (isNaN(x) - isNaN(y) || key(a).localeCompare(key(b))) : x - y;
              return down === "no" ? order : -order;
            }).forEach(function (row) { body.appendChild(row); });
          });
        });
        """
}
