import TextFormats

/// Decides which metrics a line of a program's output holds, and why.
///
/// Careful: what is unclear is no metric, and ``Recognition/reason`` says why. Lines are given in their order, since a table has
/// its names in the line above, and Keras its epoch.
package struct OutputRecognizer: Sendable {
    private let pattern: MetricPattern?
    private var table = TableReader()
    /// From a line such as `Epoch 3/10`.
    private var epoch: RecognizedStep?
    private var epochTotal: Int?
    private var restarts = StepRestarts()

    /// Takes the forms that programs use.
    package init() {
        pattern = nil
    }

    /// Takes what a pattern names, and nothing else.
    package init(pattern: MetricPattern) {
        self.pattern = pattern
    }

    package mutating func recognize(_ line: OutputLine) -> Recognition {
        if let pattern { return pattern.recognize(line.text) }
        guard !line.isCut else { return .nothing("it is longer than \(OutputLines.longest) bytes") }
        var result = form(line)
        takeEpoch(&result, line.text)
        restarts.resolve(&result)
        return result
    }

    // MARK: - Internals

    /// The epoch of a line above, for all lines up to the next one that names an epoch.
    ///
    /// A bar that counts to another total than the first one is of something else, such as an evaluation after training.
    private mutating func takeEpoch(_ result: inout Recognition, _ text: String) {
        guard let epoch, result.step == nil, !result.values.isEmpty, result.kind == .pairs || result.kind == .progress
        else { return }
        if let total = Self.barTotal(text) {
            guard total == epochTotal ?? total else {
                self.epoch = nil
                return
            }
            epochTotal = total
        }
        (result.step, result.isOfEpoch) = (epoch, true)
    }

    /// 1875 of `  12/1875 [=>...]`.
    private static func barTotal(_ text: String) -> Int? {
        let parts = Substring(text).trimmed.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, Int(parts[0]) != nil else { return nil }
        return Int(parts[1].prefix { $0.isASCII && $0.isNumber })
    }

    private mutating func form(_ line: OutputLine) -> Recognition {
        let bytes = Array(line.text.utf8)
        let prefix = LogPrefix(bytes)
        let message = line.text.utf8.dropFirst(prefix.end)
        let text = Substring(message)
        let trimmed = String(text.trimmed)
        guard !trimmed.isEmpty else { return .nothing("it is empty") }
        if prefix.isWarning { return .nothing("it is a warning") }
        if trimmed.utf8.count > PairScanner.longest {
            table.close()
            return dictionary(trimmed) ?? .nothing("it is longer than \(PairScanner.longest) bytes")
        }
        if TableReader.isRule(trimmed) { return .nothing("it is a rule") }
        if let row = tableRow(trimmed) { return row }
        if table.takeHeader(trimmed) {
            return Recognition(kind: .tableHeader, reason: "it holds names only")
        }
        table.close()
        if let dictionary = dictionary(trimmed) { return dictionary }
        if let settings = configuration(trimmed) { return settings }
        if let reason = UnwantedLines.reason(trimmed) { return .nothing(reason) }
        if trimmed.first == "\"" || trimmed.first == "'" || trimmed.first == "{" {
            return .nothing("it is part of a text over several lines")
        }
        return pairs(Array(trimmed.utf8))
    }

    private mutating func tableRow(_ text: String) -> Recognition? {
        guard let row = table.row(text) else { return nil }
        let candidates = row.map { Candidate(name: $0.name, number: $0.number, text: $0.text, total: nil) }
        return Recognition(kind: .tableRow, candidates)
    }

    private func dictionary(_ text: String) -> Recognition? {
        guard let open = text.firstIndex(of: "{"), text.last == "}" else { return nil }
        let label = text[..<open].trimmed
        guard label.isEmpty || label.count <= 30 && label.last == ":" else { return nil }
        let content = Array(text[open...].utf8)
        guard let scanner = DictionaryScanner(content) else { return nil }
        var reader = LineReader()
        let kind: Recognition.Kind = (try? reader.read(content)) == nil ? .pythonDictionary : .jsonObject
        let candidates = scanner.members.compactMap { Candidate($0.name, $0.value) }
        guard candidates.contains(where: { $0.isStep || $0.isMetric }) else {
            guard candidates.contains(where: { MetricWords.isSetting($0.name) }) else {
                return .nothing("none of its keys is a step or named like a metric")
            }
            let settings = candidates.map { RecognizedSetting(name: $0.name, text: $0.text) }
            return Recognition(kind: .configuration, settings: settings, reason: "its keys are settings")
        }
        return Recognition(kind: kind, candidates, isDictionary: true)
    }

    private func configuration(_ text: String) -> Recognition? {
        // `args: Namespace(...)` has a label.
        guard text.last == ")", let open = text.firstIndex(of: "(") else { return nil }
        let name = text[..<open].reversed().prefix { $0.isLetter || $0.isNumber || "_.".contains($0) }
        let start = text.index(open, offsetBy: -name.count)
        let label = text[..<start].trimmed
        guard label.isEmpty || label.last.map({ ":=|".contains($0) }) == true,
            let configuration = ConfigurationText(text[start...])
        else { return nil }
        return Recognition(kind: .configuration, settings: configuration.settings, reason: "it repeats settings")
    }

    private mutating func pairs(_ message: [UInt8]) -> Recognition {
        var scanner = PairScanner(message, from: 0)
        var candidates = scanner.pairs.map {
            Candidate(name: $0.name, number: $0.number, text: $0.text, total: $0.total, refusal: $0.refusal)
        }
        // XGBoost begins with the round in brackets.
        if let round = Self.round(message) {
            scanner = PairScanner(message, from: round.end)
            candidates = scanner.pairs.map {
                Candidate(name: $0.name, number: $0.number, text: $0.text, total: $0.total, refusal: $0.refusal)
            }
            if candidates.contains(where: \.isMetric) { candidates.insert(round.candidate, at: 0) }
        }
        let steps = candidates.filter(\.isStep)
        let hasStep = !steps.isEmpty
        let numbers = candidates.filter { $0.number != nil && !$0.isStep }
        if scanner.leftovers.count >= PairScanner.largestLeftovers {
            return .nothing(Self.leftover(scanner.leftovers[0]))
        }
        if numbers.isEmpty { return alone(steps, scanner) }
        if let reason = Self.objection(scanner, numbers, hasStep: hasStep) { return .nothing(reason) }
        return Recognition(
            kind: scanner.isProgress ? .progress : .pairs, candidates, labels: scanner.labels, count: scanner.count)
    }

    /// What a line without numbers but steps says: `Epoch 3/10` is the epoch of the lines below.
    private mutating func alone(_ steps: [Candidate], _ scanner: PairScanner) -> Recognition {
        guard scanner.pairs.isEmpty || !steps.isEmpty else { return .nothing("none of its values is a number") }
        guard let step = steps.first, let value = step.stepValue else {
            return .nothing(
                scanner.isProgress ? "it is a progress bar without metrics" : "it holds no key with a number")
        }
        let isEpoch = steps.count == 1 && MetricWords.stepRank(step.name) == MetricWords.stepRank("epoch")
        let leftovers = scanner.leftovers.filter { $0.contains { $0 != "-" && $0 != "=" } }
        guard isEpoch, leftovers.isEmpty, !scanner.isProgress else { return .nothing("it holds a step and no values") }
        let named = RecognizedStep(name: step.name, value: value, total: step.total)
        (epoch, epochTotal) = (named, nil)
        return Recognition(kind: .epoch, step: named, reason: "it holds a step and no values")
    }

    /// Why the numbers are no metrics; nil if they are.
    private static func objection(_ scanner: PairScanner, _ numbers: [Candidate], hasStep: Bool) -> String? {
        if let word = scanner.leftovers.first {
            return leftover(word)
        }
        if let sentence = scanner.pairs.first(where: { pair in
            !pair.hasSign
                && pair.name.lowercased().split(separator: "_").contains { MetricWords.prose.contains(String($0)) }
        }) {
            return "'\(sentence.name)' is part of a sentence"
        }
        if hasStep {
            let hasValue = numbers.contains { !MetricWords.isIdentity($0.name) && $0.total == nil }
            return hasValue ? nil : "it holds a step and no values"
        }
        // Labels of a progress bar may name the step.
        if scanner.labels.contains(where: { PairLabel($0).step != nil }) { return nil }
        if numbers.allSatisfy({ $0.total != nil }) { return "it is a part of a count" }
        guard numbers.contains(where: \.isMetric) else { return "it has no step, and no key is named like a metric" }
        guard numbers.contains(where: { $0.isMetric && $0.isMeasured }) else {
            return "it has no step, and whole numbers may count anything"
        }
        return nil
    }

    private static func leftover(_ word: String) -> String {
        "'\(word.prefix(40).description.visible)' belongs to no value"
    }

    /// `[10]` at the start of a line.
    private static func round(_ message: [UInt8]) -> (candidate: Candidate, end: Int)? {
        guard message.first == UInt8(ascii: "["), let close = message.firstIndex(of: UInt8(ascii: "]")), close > 1,
            close < 12,
            message[1..<close].allSatisfy(PrintedNumber.isDigit), close + 1 < message.count,
            message[close + 1] == 0x09 || message[close + 1] == 0x20,
            case (.number(let number), _) = PrintedNumber.read(message[1..<close])
        else { return nil }
        let text = String(decoding: message[1..<close], as: UTF8.self)
        return (Candidate(name: "iteration", number: number, text: text, total: nil), close + 1)
    }
}
