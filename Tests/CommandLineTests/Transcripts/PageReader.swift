import Foundation

/// Reads what a command printed for a program.
enum PageReader {
    /// How many rows or objects there are; nil if the page is not what its format says.
    static func rows(of page: String, _ format: String) -> Int? {
        switch format {
        case "json": object(page).map { ($0 as? [Any])?.count ?? 1 }
        case "jsonl": each(page.split(separator: "\n").map { object(String($0)) is [String: Any] })
        case "csv": csv(page)
        case "tsv": tsv(page)
        case "markdown": markdown(page)
        default: nil
        }
    }

    private static func object(_ text: String) -> Any? {
        try? JSONSerialization.jsonObject(with: Data(text.utf8))
    }

    private static func each(_ isRight: [Bool]) -> Int? {
        isRight.contains(false) ? nil : isRight.count
    }

    /// As RFC 4180 has it, but every record ends with a line feed alone, and has as many fields as the header.
    private static func csv(_ page: String) -> Int? {
        var (counts, fields) = ([Int](), 1)
        var isQuoted = false
        for character in page {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields += 1
            case "\n" where !isQuoted:
                counts.append(fields)
                fields = 1
            case "\r\n" where !isQuoted, "\r" where !isQuoted: return nil
            default: break
            }
        }
        guard !isQuoted, page.hasSuffix("\n"), Set(counts).count == 1 else { return nil }
        return counts.count - 1
    }

    /// As many tabs in each line, and a backslash only before what it stands for.
    private static func tsv(_ page: String) -> Int? {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let isPlain = !page.contains("\r") && page.replacing(#/\\[tnr\\]/#, with: "").contains("\\") == false
        let counts = Set(lines.dropLast().map { $0.count { $0 == "\t" } })
        return isPlain && lines.last == "" && counts.count == 1 ? lines.count - 2 : nil
    }

    /// A header, a line below it, and rows with as many cells.
    private static func markdown(_ page: String) -> Int? {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let counts = lines.map { line in
            line.hasPrefix("|") && line.hasSuffix("|")
                ? line.replacing("\\\\", with: "").replacing("\\|", with: "").count { $0 == "|" } : 0
        }
        guard lines.count >= 2, Set(counts).count == 1, let count = counts.first, count > 1 else { return nil }
        let below = lines[lines.startIndex + 1]
        return below == "|" + String(repeating: " --- |", count: count - 1) ? lines.count - 2 : nil
    }
}
