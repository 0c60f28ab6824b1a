import Foundation
import Statistics
import TestSupport
import Testing

/// A comparison of two arms as the program printed it.
struct SaidComparison {
    let verdict: String
    let p: Double?
    let adjustedP: Double?
    let effect: Double?
    let low: Double?
    let high: Double?
    let usedCount: Int?
    /// Whether what is infinite is left out, as in CSV.
    private let omitsInfinity: Bool

    /// One of what `gradbook judge --format json` prints.
    init(_ pair: [String: Any]) {
        verdict = pair["outcome"] as? String ?? ""
        (p, adjustedP) = (Self.number(pair["p"]), Self.number(pair["adjusted_p"]))
        effect = Self.number(pair["effect"])
        let interval = pair["interval"] as? [String: Any]
        (low, high) = (Self.number(interval?["low"]), Self.number(interval?["high"]))
        usedCount = pair["pairs_used"] as? Int
        omitsInfinity = false
    }

    /// A row of a report's `pairwise.csv`.
    init(_ row: [String: String]) {
        let words = row["verdict"] ?? ""
        let names = ["first is better": "better", "second is better": "worse"]
        verdict = names[words] ?? (words.hasPrefix("undecided: ") ? "undecided" : words)
        let number = { (name: String) in row[name].flatMap { Double($0) } }
        (p, adjustedP, effect) = (number("p_raw"), number("p_holm"), number("effect"))
        (low, high) = (number("effect_low"), number("effect_high"))
        usedCount = row["n_told_apart"].flatMap { Int($0) }
        omitsInfinity = true
    }

    /// In what it differs from what the rules say of the same numbers; empty where it does not.
    func differences(from rules: PairComparison) -> [String] {
        let word =
            switch rules.verdict {
            case .firstIsBetter: "better"
            case .secondIsBetter: "worse"
            case .tied: "tied"
            case .undecided(.noResults): "not comparable"
            case .undecided: "undecided"
            }
        let shown = { (number: Double?) in number.flatMap { omitsInfinity && $0.isInfinite ? nil : $0 } }
        let numbers: [(String, Double?, Double?)] = [
            ("p", p, rules.p), ("adjusted p", adjustedP, rules.adjustedP), ("effect", effect, shown(rules.effect)),
            ("low end", low, shown(rules.interval?.low)), ("high end", high, shown(rules.interval?.high)),
        ]
        let wrong = numbers.filter { !Self.areEqual($1, $2) }
            .map { "\($0): \($1.map { "\($0)" } ?? "nothing") instead of \($2.map { "\($0)" } ?? "nothing")" }
        return (verdict == word ? [] : ["verdict: \(verdict) instead of \(word)"])
            + (usedCount == rules.usedCount ? [] : ["\(usedCount ?? -1) instead of \(rules.usedCount) pairs"]) + wrong
    }

    // MARK: - Internals

    /// The simulated number becomes a parameter and an excess again, which rounds it.
    private static func areEqual(_ a: Double?, _ b: Double?) -> Bool {
        guard let a, let b else { return a == nil && b == nil }
        return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b))
    }

    /// JSON has no infinity, and the program writes it as text.
    private static func number(_ value: Any?) -> Double? {
        switch value {
        case let number as Double: number
        case let text as String: text == "Infinity" ? .infinity : text == "-Infinity" ? -.infinity : nil
        default: nil
        }
    }
}

extension Scratch {
    /// What `gradbook judge` says of the first arm against each other one, as JSON.
    func judge(_ arguments: [String]) throws -> [[String: Any]] {
        let invocation = try gradbook(["judge"] + arguments + ["--format", "json"])
        try #require((0...2).contains(invocation.exitCode), "\(arguments): \(invocation.error)")
        let object = try JSONSerialization.jsonObject(with: Data(invocation.outputBytes)) as? [String: Any]
        let expected: Int32 =
            switch object?["outcome"] as? String {
            case "better": 0
            case "worse", "tied": 1
            default: 2
            }
        #expect(invocation.exitCode == expected, "\(arguments)")
        return try #require(object?["comparisons"] as? [[String: Any]])
    }

    /// The tables that `gradbook report` writes of a sweep.
    func report(_ sweep: String, _ arguments: [String] = []) throws -> (_ file: String) throws -> [[String: String]] {
        let invocation = try gradbook(["report", sweep, "--out", "report-\(sweep)", "--format", "csv"] + arguments)
        try #require(invocation.exitCode == 0, "\(sweep): \(invocation.error)")
        let folder = folder.appending(path: "report-\(sweep)/data")
        return { file in
            CSVReader.records([UInt8](try Data(contentsOf: folder.appending(path: "\(file).csv"))))
        }
    }
}
