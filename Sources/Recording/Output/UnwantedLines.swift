import Foundation

/// Lines whose numbers are no metrics, whatever they look like.
enum UnwantedLines {
    /// Why a line is one, as a clause; nil for others.
    static func reason(_ text: String) -> String? {
        let lower = text.lowercased()
        if lower.contains("://") { return "it holds an address of the web" }
        if hasMail(text) { return "it holds an address of mail" }
        if text.contains("File \"") || lower.hasPrefix("traceback") { return "it is part of a traceback" }
        if lower.contains("warning:") || lower.hasPrefix("warn") { return "it is a warning" }
        if lower.contains("error: ") && !isMetricError(lower) || lower.contains("exception") { return "it is an error" }
        if lower.contains("copyright") || text.contains("©") || lower.contains("(c) ") { return "it is a copyright" }
        if starts(text, with: commands) { return "it is a command" }
        if starts(text, with: code) || text.contains("self.") || text.hasSuffix(";") || text.hasSuffix("):")
            || text.hasSuffix("{")
        {
            return "it is code"
        }
        return nil
    }

    // MARK: - Internals

    private static let commands = [
        "$ ", "+ ", ">>> ", "python ", "python3 ", "torchrun ", "srun ", "usage:", "export ",
    ]
    private static let code = [
        "def ", "class ", "return ", "import ", "from ", "if ", "for ", "while ", "print(", "assert ", "#", "//",
    ]

    private static func starts(_ text: String, with beginnings: [String]) -> Bool {
        let trimmed = text.drop { $0 == " " }
        return beginnings.contains { trimmed.hasPrefix($0) }
    }

    /// `error: 0.25` and `test error: 0.25` are measured; `ValueError: ...` is not.
    private static func isMetricError(_ text: String) -> Bool {
        guard let found = text.range(of: "error: ") else { return false }
        let before = text[..<found.lowerBound].last
        return (before == nil || before == " " || before == "_") && text[found.upperBound...].first?.isNumber == true
    }

    /// A word, an at sign, and a domain; `acc@1` is none.
    private static func hasMail(_ text: String) -> Bool {
        text.split { $0 == " " || $0 == "<" || $0 == ">" || $0 == "," }.contains { word in
            guard let sign = word.firstIndex(of: "@"), sign > word.startIndex else { return false }
            let domain = word[word.index(after: sign)...]
            return domain.contains(".") && domain.first?.isLetter == true && domain.last?.isLetter == true
        }
    }
}
