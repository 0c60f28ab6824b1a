extension Document {
    /// A standalone article that needs the package longtable alone.
    ///
    /// Folded blocks are open, a link within the document is its text, and of a picture the caption says where it is:
    /// LaTeX reads no SVG.
    package var latex: String {
        """
        \\documentclass[a4paper,10pt]{article}
        \\usepackage[utf8]{inputenc}
        \\usepackage[T1]{fontenc}
        \\usepackage{textcomp}
        \\usepackage{longtable}
        \\setlength{\\parindent}{0pt}
        \\setlength{\\parskip}{6pt}
        \\setlength{\\textwidth}{170mm}
        \\setlength{\\oddsidemargin}{-5mm}
        \\setlength{\\textheight}{245mm}
        \\setlength{\\topmargin}{-15mm}
        \\setlength{\\LTleft}{0pt}
        \\newcommand{\\sparkbar}[1]{\\rule{0.45em}{#1}}
        \\begin{document}
        \\raggedright

        \(blocks.map(\.latex).joined(separator: "\n"))
        \\end{document}

        """
    }
}

extension Document.Block {
    /// Ends with a newline.
    fileprivate var latex: String {
        switch self {
        case .heading(1, let prose): "{\\LARGE\\bfseries \(prose.latex)\\par}\n"
        case .heading(2, let prose): "\\section*{\(prose.latex)}\n"
        case .heading(_, let prose): "\\subsection*{\(prose.latex)}\n"
        case .paragraph(let prose): prose.latex + "\n"
        case .list(let items): Self.list(items)
        case .table(let table): table.latex
        case .code(let code, _): Self.verbatim(code)
        case .image(let path, let title, let caption):
            "\\textbf{\(LaTeXText.escaped(title))} (\\texttt{\(LaTeXText.escaped(path))})"
                + (caption.parts.isEmpty ? "" : ": \(caption.latex)") + "\n"
        case .alert(let alert, let paragraphs, let items):
            "\\begin{quote}\n\\textbf{\(alert.rawValue).} "
                + paragraphs.map { $0.latex + "\n" }.joined(separator: "\n") + (items.isEmpty ? "" : Self.list(items))
                + "\\end{quote}\n"
        case .details(let summary, let blocks):
            "\\textbf{\(summary.latex)}\n\n" + blocks.map(\.latex).joined(separator: "\n")
        }
    }

    private static func list(_ items: [Prose]) -> String {
        // An item that begins with a bracket would give it as its label.
        "\\begin{itemize}\n" + items.map { "\\item{} \($0.latex)\n" }.joined() + "\\end{itemize}\n"
    }

    /// Line by line, because what LaTeX has for this breaks no line and ends at a word of its own.
    private static func verbatim(_ code: String) -> String {
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let text = line.drop { $0 == " " }
            let indentation = line.count - text.count
            return (indentation > 0 ? "\\hspace*{\(indentation).ex}" : "")
                + "\\mbox{}\(LaTeXText.escaped(String(text)))\\par\n"
        }
        return "{\\footnotesize\\ttfamily\\setlength{\\parskip}{0pt}\n\(lines.joined())}\n"
    }
}

extension Document.Table {
    /// Rules at the top, below the titles and at the bottom; the titles again on every page.
    fileprivate var latex: String {
        let row = { (cells: [String]) in cells.joined(separator: " & ") + " \\tabularnewline\n" }
        let titles = titles.map { "{\\bfseries \($0.latex)}" }
        return "{\\\(size)\\setlength{\\tabcolsep}{3pt}\n\\begin{longtable}{\(columns)}\n\\hline\n" + row(titles)
            + "\\hline\n\\endhead\n" + rows.map { row($0.map { "{}\($0.latex)" }) }.joined()
            + "\\hline\n\\end{longtable}}\n"
    }

    /// How many characters each column takes where no cell is broken into lines.
    private var widths: [Int] {
        titles.indices.map { column in
            ([titles] + rows).map { $0[column].plainText.count }.max() ?? 0
        }
    }

    private var size: String { widths.count > 7 || widths.reduce(0, +) > 120 ? "tiny" : "footnotesize" }

    /// A table that is wider than the page has its cells broken into lines, each column getting a part of the width.
    private var columns: String {
        let total = widths.reduce(0, +)
        let fits = total + 2 * widths.count <= (size == "tiny" ? 150 : 105)
        if fits { return alignments.map { $0 == .right ? "r" : "l" }.joined() }
        // A number must stay whole; a long text gives way.
        let shares = widths.map { Double(min(max($0, 5), 30)) }
        let sum = shares.reduce(0, +)
        return shares.map { share in
            let width = NumberText.fixed(share / sum * 0.97, decimals: 3)
            return "p{\\dimexpr\(width)\\textwidth-2\\tabcolsep\\relax}"
        }.joined()
    }
}

extension Prose {
    package var latex: String {
        parts.map { part in
            switch part {
            case .words(let text), .text(let text): LaTeXText.escaped(text)
            case .code(let code): "\\texttt{\(LaTeXText.escaped(code))}"
            case .emphasis(let prose): "\\emph{\(prose.latex)}"
            case .strong(let prose): "\\textbf{\(prose.latex)}"
            case .link(let prose, let target):
                target.hasPrefix("#") ? prose.latex : "\(prose.latex) (\\texttt{\(LaTeXText.escaped(target))})"
            }
        }.joined()
    }
}

/// Anybody's text inside LaTeX.
package enum LaTeXText {
    /// Harmless in a paragraph, a heading or a table cell: no command, no ligature, one line; a character that LaTeX's
    /// usual fonts do not have is its number.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let command = commands[scalar] {
                result += command
            } else if scalar == "\n" || scalar == "\t" {
                result += " "
            } else if (0x20..<0x7F).contains(scalar.value) || (0xC0...0xFF).contains(scalar.value) {
                result.unicodeScalars.append(scalar)
            } else if scalar.value >= 0x80 {
                result += "[U+\(String(scalar.value, radix: 16, uppercase: true))]"
            }
        }
        return result
    }

    /// What has a meaning of its own, joins with its neighbor, or needs another font.
    private static let commands: [Unicode.Scalar: String] = {
        var commands: [Unicode.Scalar: String] = [
            "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%",
            "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "\\textless{}",
            ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "\\textquotedbl{}", "'": "\\textquotesingle{}",
            "`": "\\textasciigrave{}", "-": "-{}", ",": ",{}", "[": "{[}", "]": "{]}", "\u{A0}": "~",
            "×": "$\\times$", "·": "$\\cdot$", "±": "$\\pm$", "²": "$^2$", "µ": "$\\mu$", "°": "$^\\circ$",
            "μ": "$\\mu$", "η": "$\\eta$", "λ": "$\\lambda$", "κ": "$\\kappa$", "σ": "$\\sigma$", "θ": "$\\theta$",
            "≤": "$\\le$", "≥": "$\\ge$", "…": "\\ldots{}", "–": "--", "—": "---", "’": "\\textquoteright{}",
        ]
        for (index, bar) in "▁▂▃▄▅▆▇█".unicodeScalars.enumerated() {
            commands[bar] = "\\sparkbar{0.\(index + 1)em}"
        }
        return commands
    }()
}
