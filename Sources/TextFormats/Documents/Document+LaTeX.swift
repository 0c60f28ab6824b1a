extension Document {
    /// A standalone article that needs the packages longtable and array, which every LaTeX has, and takes lmodern if it
    /// is there.
    ///
    /// Folded blocks are open, a link within the document is its text, and of a picture the caption says where it is:
    /// LaTeX reads no SVG.
    package var latex: String {
        """
        \\documentclass[a4paper,10pt]{article}
        \\usepackage[utf8]{inputenc}
        \\usepackage[T1]{fontenc}
        \\usepackage{textcomp}
        \\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}
        \\usepackage{array}
        \\usepackage{longtable}
        \\setlength{\\parindent}{0pt}
        \\setlength{\\parskip}{6pt}
        \\setlength{\\textwidth}{170mm}
        \\setlength{\\oddsidemargin}{-5mm}
        \\setlength{\\textheight}{245mm}
        \\setlength{\\topmargin}{-15mm}
        \\setlength{\\LTleft}{0pt}
        \\setlength{\\emergencystretch}{3em}
        \\newcolumntype{L}[1]{>{\\raggedright\\hspace{0pt}}p{#1}}
        \\newcolumntype{R}[1]{>{\\raggedleft\\hspace{0pt}}p{#1}}
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
                + "\\mbox{}\(LaTeXText.breakable(String(text), longest: 60))\\par\n"
        }
        return "{\\footnotesize\\ttfamily\\setlength{\\parskip}{0pt}\n\(lines.joined())}\n"
    }
}

extension Prose {
    package var latex: String { latex(longest: 30) }

    /// Words of more characters than `longest` may be broken.
    func latex(longest: Int) -> String {
        let text = { (text: String) in LaTeXText.breakable(text, longest: longest) }
        return parts.map { part in
            switch part {
            case .words(let words): text(words.replacing("\n", with: " "))
            case .text(let words): text(words)
            case .code(let code): "\\texttt{\(text(code))}"
            case .emphasis(let prose): "\\emph{\(prose.latex(longest: longest))}"
            case .strong(let prose): "\\textbf{\(prose.latex(longest: longest))}"
            case .link(let prose, let target):
                prose.latex(longest: longest) + (target.hasPrefix("#") ? "" : " (\\texttt{\(text(target))})")
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
        var last: Unicode.Scalar?
        for scalar in text.visible.unicodeScalars {
            // Two of these would join.
            if scalar == last, scalar == "-" || scalar == "," { result += "{}" }
            last = scalar
            if let command = commands[scalar] {
                result += command
            } else if (0x20..<0x7F).contains(scalar.value) || (0xC0...0xFF).contains(scalar.value) {
                result.unicodeScalars.append(scalar)
            } else if scalar.value >= 0x80 {
                result += "[U+\(String(scalar.value, radix: 16, uppercase: true))]"
            }
        }
        return result
    }

    /// The same, where words of more characters than `longest` may be broken: behind a sign, or else anywhere.
    package static func breakable(_ text: String, longest: Int) -> String {
        text.visible.split(separator: " ", omittingEmptySubsequences: false).map { word in
            pieces(String(word), longest: longest).map(escaped).joined(separator: "\\allowbreak{}")
        }.joined(separator: " ")
    }

    /// The parts of a word between which a line may end: one where the word is short enough.
    package static func pieces(_ word: String, longest: Int) -> [String] {
        guard word.count > longest else { return [word] }
        var pieces = [""]
        for character in word {
            if pieces[pieces.count - 1].count >= longest { pieces.append("") }
            pieces[pieces.count - 1].append(character)
            if "_.,;:/=+-)]".contains(character), pieces[pieces.count - 1].count > 2 { pieces.append("") }
        }
        return pieces.filter { !$0.isEmpty }
    }

    /// What has a meaning of its own, joins with its neighbor, or needs another font.
    private static let commands: [Unicode.Scalar: String] = {
        var commands: [Unicode.Scalar: String] = [
            "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "&": "\\&", "#": "\\#", "%": "\\%",
            "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "<": "\\textless{}",
            ">": "\\textgreater{}", "|": "\\textbar{}", "\"": "\\textquotedbl{}", "'": "\\textquotesingle{}",
            "`": "\\textasciigrave{}", "[": "{[}", "]": "{]}", "\u{A0}": "~",
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
