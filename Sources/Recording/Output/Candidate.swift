import TextFormats

/// A key with what is printed behind it, before it is decided whether it is a metric.
struct Candidate {
    let name: String
    let number: PrintedNumber?
    let text: String
    let total: Int64?
    var refusal: String?
    var isText = false

    /// The value as a step: a whole number that is not negative.
    var stepValue: Int64? {
        switch number?.value {
        case .integer(let value)? where value >= 0: value
        case .real(let value)? where name.lowercased() != "epoch": Int64(exactly: value).flatMap { $0 >= 0 ? $0 : nil }
        default: nil
        }
    }

    /// An epoch with a fraction is none: 0.25 of the first.
    var isStep: Bool { MetricWords.stepRank(name) != nil && stepValue != nil && number?.unit == nil }
    var isMetric: Bool { number != nil && total == nil && MetricWords.isMetric(name) }

    /// Whether it is printed as measured numbers are: with decimals, an exponent or a percent sign, or as no number at all.
    var isMeasured: Bool {
        guard let number else { return false }
        if case .integer = number.value { return number.unit == "%" }
        return true
    }
}

extension Candidate {
    /// Nil for what says nothing.
    init?(_ name: String, _ value: DictionaryScanner.Value) {
        switch value {
        case .number(let number): self.init(name: name, number: number, text: "\(number.value.shown)", total: nil)
        case .text(let text):
            // As our own JSON has them.
            if ["NaN", "Infinity", "-Infinity"].contains(text),
                case (.number(let number), _) = PrintedNumber.read(Array(text.utf8)[...])
            {
                self.init(name: name, number: number, text: text, total: nil)
            } else {
                self.init(name: name, number: nil, text: text, total: nil, isText: true)
            }
        case .refused(let reason): self.init(name: name, number: nil, text: "", total: nil, refusal: reason)
        case .nothing: return nil
        }
    }
}

extension Recognition {
    /// Takes the most exact step, and every other number as a value.
    init(
        kind: Kind, _ candidates: [Candidate], labels: [String] = [], count: PairScanner.Count? = nil,
        isDictionary: Bool = false
    ) {
        self.init(kind: kind)
        var best = candidates.indices.filter { candidates[$0].isStep }
            .min { (MetricWords.stepRank(candidates[$0].name) ?? 0) < (MetricWords.stepRank(candidates[$1].name) ?? 0) }
        if let index = best, let value = candidates[index].stepValue {
            step = RecognizedStep(name: candidates[index].name, value: value, total: candidates[index].total)
            // An epoch has many such lines.
            if let count, MetricWords.stepRank(candidates[index].name) == MetricWords.epochRank {
                step = RecognizedStep(name: "\(candidates[index].name) [n/m]", value: count.value, total: count.total)
                best = nil
            }
        } else {
            step = labels.lazy.compactMap { PairLabel($0).step }.first
        }
        let split = labels.lazy.compactMap(MetricWords.split).first
        for (index, candidate) in candidates.enumerated() where index != best {
            add(candidate, split, isDictionary: isDictionary)
        }
        if values.isEmpty { reason = "none of its values is a number" }
    }

    private mutating func add(_ candidate: Candidate, _ split: String?, isDictionary: Bool) {
        // Where a part of the data is named, its loss is another than that of the rest.
        let name = split.map { candidate.isStep ? candidate.name : "\($0)/\(candidate.name)" } ?? candidate.name
        func refuse(_ reason: String) {
            refused.append(RefusedValue(name: candidate.name, text: candidate.text, reason: reason))
        }
        if values.contains(where: { $0.name == name }) { return refuse("the key is there twice") }
        if candidate.name.hasPrefix("@") { return refuse("the key belongs to the protocol") }
        // No normal form is more than three times as long.
        if candidate.name.isEmpty || name.utf8.count > LoggedKey.largestSize / 3 && !LoggedKey(name).isAllowed {
            return refuse("the key is empty or too long")
        }
        guard let number = candidate.number else {
            guard candidate.isText, isDictionary else { return refuse(candidate.refusal ?? "it is no number") }
            values.append(
                RecognizedValue(name: candidate.name, value: .text(candidate.text), precision: nil, unit: nil))
            return
        }
        if MetricWords.isIdentity(candidate.name) { return refuse("it names something and measures nothing") }
        if candidate.total != nil, !candidate.isStep { return refuse("it is a part of a count") }
        values.append(
            RecognizedValue(name: name, value: number.value, precision: number.precision, unit: number.unit))
    }
}

/// Words before the values of a line, such as `Epoch 3` of a progress bar.
struct PairLabel {
    let step: RecognizedStep?

    init(_ label: String) {
        let words = label.split(separator: " ")
        guard words.count >= 2, let last = words.last, let value = Int64(last), value >= 0,
            MetricWords.stepRank(words.dropLast().joined(separator: "_")) != nil
        else {
            step = nil
            return
        }
        step = RecognizedStep(name: words.dropLast().joined(separator: " "), value: value, total: nil)
    }
}

extension LoggedValue {
    /// For people.
    var shown: String {
        switch self {
        case .real(let value): NumberText.exact(value)
        case .integer(let value): "\(value)"
        case .text(let text): text
        }
    }
}

extension Substring {
    /// Without blanks and tabs around it.
    var trimmed: Substring {
        var rest = drop { $0 == " " || $0 == "\t" }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
