import Foundation
import Statistics
import TextFormats

/// A verdict on a page: the sentence, what else a reader needs, and the numbers by which to check it.
package struct JudgePage: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case text, json, markdown, latex
    }

    private struct Part: Sendable {
        let sentence: String
        let explanations: [String]
        let table: JudgeTable
    }

    private let parts: [Part]
    private let json: String

    package init(_ comparison: JudgedComparison) {
        parts = comparison.pairs.map {
            Part(sentence: $0.sentence, explanations: $0.explanations, table: JudgeTable($0))
        }
        json = JudgeJSON.text(
            JudgeJSON.Comparison(
                outcome: comparison.outcome.rawValue, comparisons: comparison.pairs.map(JudgeJSON.Pair.init)))
    }

    package init(_ bound: JudgedBound) {
        parts = [Part(sentence: bound.sentence, explanations: bound.explanations, table: JudgeTable(bound))]
        json = JudgeJSON.text(JudgeJSON.Bound(bound))
    }

    package init(_ noise: JudgedNoise) {
        parts = [Part(sentence: noise.sentence, explanations: noise.explanations, table: JudgeTable(noise))]
        json = JudgeJSON.text(JudgeJSON.Noise(noise))
    }

    /// Without the last line's end.
    package func text(_ format: Format, width: Int) -> String {
        switch format {
        case .json: json
        case .text:
            parts.map { part in
                ([part.sentence] + part.explanations).map { WrappedText.paragraph($0, width: width) }
                    .joined(separator: "\n") + part.table.text(width: width)
            }.joined(separator: "\n\n")
        case .markdown:
            Document(
                parts.flatMap { part -> [Document.Block] in
                    let explanations = part.explanations.map { Prose(text: $0) }
                    let list: [Document.Block] = explanations.isEmpty ? [] : [.list(explanations)]
                    return [.paragraph("\(strong: Prose(text: part.sentence))")] + list + part.table.blocks
                }
            ).markdown.trimmingEnd
        case .latex:
            parts.map { part in
                ([part.sentence] + part.explanations).map(LaTeXText.escaped).joined(separator: "\n\n")
                    + part.table.latex
            }.joined(separator: "\n\n")
        }
    }
}

extension String {
    fileprivate var trimmingEnd: String {
        var text = self
        while text.last == "\n" { text.removeLast() }
        return text
    }
}

/// Each run's value, beside that of the same seed where there is one.
struct JudgeTable: Sendable {
    private let columns: [String]
    /// Texts, of which the first is a seed.
    private let rows: [[String]]

    init(_ pair: JudgedPair) {
        guard pair.obstacle == nil else {
            (columns, rows) = ([], [])
            return
        }
        let isPaired = pair.result.pairCount > 0
        let isRatio = pair.result.measure.scale == .ratio
        let names = [pair.first.name, pair.second.name]
        columns = ["seed"] + names + (isPaired ? [isRatio ? "ratio" : "difference"] : [])
        rows = pair.rows.map { row in
            let values = [row.first, row.second].map { $0.map(Self.text) ?? "" }
            let effect = row.effect(isRatio: isRatio).map { NumberText.rounded($0) } ?? ""
            return ["\(row.seed)"] + values + (isPaired ? [effect] : [])
        }
    }

    init(_ bound: JudgedBound) {
        columns = ["seed", bound.measureName]
        rows = bound.runs.map { ["\($0.seed)", Self.text($0)] }
    }

    init(_ noise: JudgedNoise) {
        columns = ["seed", noise.measureName]
        rows = noise.runs.map { ["\($0.seed)", Self.text($0)] }
    }

    private static func text(_ run: JudgedRun) -> String {
        switch (run.standing, run.outcome) {
        case (_, .value(let value)) where value.rounded() == value && abs(value) < 1e9: NumberText.exact(value)
        case (_, .value(let value)): NumberText.rounded(value, digits: 6)
        case (.failed(let failure), _): "\(failure)"
        case (.noResult(let absence), _): "\(absence)"
        case (.ended, _): "never"
        }
    }

    func text(width: Int) -> String {
        guard !rows.isEmpty else { return "" }
        var layout = TableLayout(columns: columns, width: width)
        var text = ""
        for row in rows {
            text += layout.append(row.map { TableLayout.Cell($0, isNumber: Double($0) != nil) }) ?? ""
        }
        text += layout.remaining()
        while text.last == "\n" { text.removeLast() }
        return "\n\n" + text
    }

    var blocks: [Document.Block] {
        guard !rows.isEmpty else { return [] }
        var table = Document.Table(columns.map { (Prose(text: $0), .right) })
        for row in rows { table.append(row.map { Prose(text: $0) }) }
        return [.table(table)]
    }

    var latex: String {
        guard !rows.isEmpty else { return "" }
        let lines = ([columns] + rows).map { $0.map(LaTeXText.escaped).joined(separator: " & ") + #" \\"# }
        let alignment = String(repeating: "r", count: columns.count)
        return "\n\n\\begin{tabular}{\(alignment)}\n\\hline\n\(lines[0])\n\\hline\n"
            + lines.dropFirst().joined(separator: "\n") + "\n\\hline\n\\end{tabular}"
    }
}

extension JudgedPair {
    /// The runs of one seed.
    struct Row {
        let seed: Int64
        let first: JudgedRun?
        let second: JudgedRun?

        /// first / second, or first - second; nil where one has no value.
        func effect(isRatio: Bool) -> Double? {
            guard case .value(let a)? = first?.outcome, case .value(let b)? = second?.outcome else { return nil }
            return isRatio ? a / b : a - b
        }
    }

    /// In the order of seeds; a seed that one arm was run on twice stands twice.
    var rows: [Row] {
        let (a, b) = (Dictionary(grouping: firstRuns, by: \.seed), Dictionary(grouping: secondRuns, by: \.seed))
        return Set(a.keys).union(b.keys).sorted().flatMap { seed in
            let (first, second) = (a[seed] ?? [], b[seed] ?? [])
            return (0..<max(first.count, second.count)).map { index in
                Row(
                    seed: seed, first: index < first.count ? first[index] : nil,
                    second: index < second.count ? second[index] : nil)
            }
        }
    }
}
