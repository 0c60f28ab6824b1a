import Foundation

/// A text on standard output that is replaced by its next version, where a person watches, and else followed by it.
struct LiveDisplay {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    private var height = 0

    mutating func show(_ text: String, isColored: Bool = false) throws {
        if isTerminal && height > 0 { try Terminal.write(Array("\u{1B}[\(height)A\u{1B}[J".utf8)) }
        try Terminal.print(page: text, isColored: isColored)
        let width = max(1, Terminal.outputWidth)
        height = text.split(separator: "\n", omittingEmptySubsequences: false).reduce(0) {
            $0 + max(1, ($1.count + width - 1) / width)
        }
    }
}
