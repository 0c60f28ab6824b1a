import TextFormats

/// A report as one page that needs nothing else: no network, no other files, and no script to be read.
///
/// The same document as `report.md`, its pictures inside.
struct HTMLPage {
    private let title: String
    private let document: Document
    private let figures: [String: String]

    /// `figures` are SVG by the paths that the document has for them.
    init(title: String, document: Document, figures: [String: String]) {
        (self.title, self.document, self.figures) = (title, document, figures)
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
        \(document.html(figures: figures))<script>
        \(Self.sorting)
        </script>
        </body>
        </html>

        """
    }

    // MARK: - Internals

    private static let style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem;
        color: #1f2328; background: #ffffff }
        h2 { border-bottom: 1px solid #d8dee4; margin-top: 2.5rem } a { color: #0969da }
        .t { overflow-x: auto } table { border-collapse: collapse; font-size: 13px }
        th, td { border: 1px solid #d8dee4; padding: 3px 8px; text-align: left; vertical-align: top }
        th { background: #f6f8fa; cursor: pointer } .n { text-align: right; font-variant-numeric: tabular-nums }
        pre { background: #f6f8fa; padding: 12px; overflow-x: auto; font-size: 12px }
        figure { margin: 1.5rem 0; max-width: 42rem } figure svg { width: 100%; height: auto; display: block }
        figcaption { font-size: 14px; color: #57606a } details { margin: 1rem 0 } summary { cursor: pointer }
        code { overflow-wrap: anywhere } .t code { overflow-wrap: normal } h1 { overflow-wrap: anywhere } aside { border-left: 4px solid #bf8700; padding: 0 1rem }
        @media (prefers-color-scheme: dark) {
        body { color: #e6edf3; background: #0d1117 } h2, th, td { border-color: #30363d } a { color: #4493f8 }
        th, pre { background: #161b22 } figcaption { color: #9198a1 }
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
