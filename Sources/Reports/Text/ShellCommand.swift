import TextFormats

/// What to type to have a report again.
struct ShellCommand {
    let spelling: OptionSpelling

    func report(on subject: ReportSubject, _ options: ReportOptions) -> String {
        var words = ["gradbook", "report"]
        switch subject {
        case .sweep(let name): words.append(name)
        case .runs(let ids): words += ids.map(String.init)
        case .all: break
        }
        if let selection = options.selection { words += [spelling("select"), selection] }
        if let target = options.target { words += [spelling("success"), target.text] }
        if let baseline = options.baseline { words += [spelling("baseline"), baseline] }
        if !options.tuningSeeds.isEmpty {
            words += [spelling("tuning-seeds"), options.tuningSeeds.sorted().map(String.init).joined(separator: ",")]
        }
        if options.isSpreadsheetSafe { words.append(spelling("csv-safe")) }
        if options.plots != .svg { words += [spelling("plots"), options.plots.rawValue] }
        if options.stride != 1 { words += [spelling("every"), String(options.stride)] }
        return words.map(Self.quoted).joined(separator: " ")
    }

    /// What trains some runs of a sweep again and compares every bit.
    func verify(sweep: String, sample: Int) -> String {
        ["gradbook", "verify", sweep, spelling("sample"), String(sample)].map(Self.quoted).joined(separator: " ")
    }

    /// As one word of a POSIX shell.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic && $0.isASCII || ("0"..."9").contains($0) || "-_.=%,".unicodeScalars.contains($0)
        }
        return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: #"'\''"#))'"
    }
}
