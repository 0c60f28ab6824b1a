import Foundation

/// Lines whose numbers are no metrics, whatever they look like.
enum UnwantedLines {
    /// Why a line is one, as a clause; nil for others.
    static func reason(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let lower = bytes.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
        if contains(lower, "://") { return "it holds an address of the web" }
        if hasMail(text) { return "it holds an address of mail" }
        if contains(bytes, "File \"") || lower.starts(with: "traceback".utf8) { return "it is part of a traceback" }
        if contains(lower, "warning:") || lower.starts(with: "warn".utf8) { return "it is a warning" }
        if contains(lower, "error: "), !isMetricError(text.lowercased()) { return "it is an error" }
        if contains(lower, "exception") { return "it is an error" }
        if contains(lower, "copyright") || contains(bytes, "©") || contains(lower, "(c) ") {
            return "it is a copyright"
        }
        let trimmed = bytes.drop { $0 == 0x20 }
        if commands.contains(where: { trimmed.starts(with: $0.utf8) }) { return "it is a command" }
        if code.contains(where: { trimmed.starts(with: $0.utf8) }) || contains(bytes, "self.") || isEndOfCode(bytes) {
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

    private static func contains(_ bytes: [UInt8], _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        return bytes.withUnsafeBufferPointer { bytes in
            guard bytes.count >= count else { return false }
            for start in 0...(bytes.count - count) where bytes[start] == word.utf8Start[0] {
                if (1..<count).allSatisfy({ bytes[start + $0] == word.utf8Start[$0] }) { return true }
            }
            return false
        }
    }

    private static func isEndOfCode(_ bytes: [UInt8]) -> Bool {
        bytes.last == UInt8(ascii: ";") || bytes.last == UInt8(ascii: "{") || bytes.suffix(2).elementsEqual("):".utf8)
    }

    /// `error: 0.25` and `test error: 0.25` are measured; `ValueError: ...` is not.
    private static func isMetricError(_ text: String) -> Bool {
        guard let found = text.range(of: "error: ") else { return false }
        let before = text[..<found.lowerBound].last
        return (before == nil || before == " " || before == "_") && text[found.upperBound...].first?.isNumber == true
    }

    /// A word, an at sign, and a domain; `acc@1` is none.
    private static func hasMail(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return false }
        return text.split { $0 == " " || $0 == "<" || $0 == ">" || $0 == "," }.contains { word in
            guard let sign = word.firstIndex(of: "@"), sign > word.startIndex else { return false }
            let domain = word[word.index(after: sign)...]
            return domain.contains(".") && domain.first?.isLetter == true && domain.last?.isLetter == true
        }
    }
}
