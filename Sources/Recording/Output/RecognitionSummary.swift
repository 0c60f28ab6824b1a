import TextFormats

/// What the first lines of an output hold, for one sentence to the people who watch.
package struct RecognitionSummary: Sendable {
    /// As many keys are named; others are counted.
    private static let namedKeys = 8
    private static let rememberedKeys = 1000

    private struct Form {
        let kind: Recognition.Kind
        var keys: [String] = []
    }

    private var forms: [Form] = []
    private var steps: [String] = []
    private var settings = 0
    package private(set) var lines = 0
    package private(set) var linesWithMetrics = 0

    package init() {}

    package mutating func add(_ recognition: Recognition) {
        lines += 1
        if recognition.kind == .configuration { settings += 1 }
        guard !recognition.values.isEmpty else { return }
        linesWithMetrics += 1
        if let name = recognition.step?.name, !steps.contains(name), steps.count < Self.namedKeys { steps.append(name) }
        let index = forms.firstIndex { $0.kind == recognition.kind } ?? forms.endIndex
        if index == forms.endIndex { forms.append(Form(kind: recognition.kind)) }
        for value in recognition.values {
            let key = value.name.visible + (value.unit.map { " (\($0))" } ?? "")
            if forms[index].keys.count < Self.rememberedKeys, !forms[index].keys.contains(key) {
                forms[index].keys.append(key)
            }
        }
    }

    /// Which keys are in which form.
    ///
    ///     3 of 10 lines hold metrics: val_loss, train_time (ms) as keys with values; the step is 'step'.
    package var sentence: String {
        let seen = "\(lines) line\(lines == 1 ? "" : "s")"
        guard !forms.isEmpty else {
            let configuration = settings > 0 ? "; \(settings) repeat\(settings == 1 ? "s" : "") settings" : ""
            return "None of \(seen) holds metrics\(configuration)."
        }
        let found = forms.map { form in
            let others = form.keys.count - Self.namedKeys
            let keys =
                form.keys.prefix(Self.namedKeys).joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
            return "\(keys) as \(form.kind.rawValue)"
        }
        let step =
            switch steps.count {
            case 0: "no step is printed, so rows are counted"
            case 1: "the step is '\(steps[0].visible)'"
            default: "the steps are \(steps.map { "'\($0.visible)'" }.joined(separator: ", "))"
            }
        return
            "\(linesWithMetrics) of \(seen) hold\(linesWithMetrics == 1 ? "s" : "") metrics: \(found.joined(separator: "; ")); \(step)."
    }
}
