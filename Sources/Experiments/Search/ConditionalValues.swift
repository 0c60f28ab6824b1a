import TextFormats

/// A setting's values as they are typed for a sweep, in parts of which each may have a condition:
/// `log:1e-3:1:4 if optimizer=sgd, 1e-3,1e-4 if optimizer=adam,adamw`.
///
/// A semicolon ends a part. Without one, what stands between two `if` is a condition and the next part's values: the only
/// comma that a blank follows parts them, or the only comma. Where there are several, nobody can tell, and none is guessed.
struct ConditionalValues {
    struct Part {
        let values: String
        /// What stands behind `if`: the setting it depends on, and that one's values.
        let condition: (name: String, values: String)?
    }

    let parts: [Part]

    /// Reads the parts; errors are about `subject`.
    init(_ text: String, about subject: MessageText) throws(ExperimentError) {
        guard Self.isConditional(text) else {
            parts = [Part(values: text, condition: nil)]
            return
        }
        var parts: [Part] = []
        for piece in try Self.pieces(of: text, about: subject) {
            guard !piece.isEmpty else {
                throw ExperimentError(
                    .invalidValue, about: subject, "'\(text)' has an empty part",
                    advice: "give values on both sides of a semicolon")
            }
            parts.append(try Self.part(piece, of: text, about: subject))
        }
        self.parts = parts
    }

    /// Whether `text` has a condition, or the beginning of one.
    static func isConditional(_ text: String) -> Bool {
        // The blank makes a condition that was forgotten behind its "if" an empty one.
        (text + " ").contains(keyword)
    }

    private static let keyword = " if "

    private static func part(
        _ text: String, of whole: String, about subject: MessageText
    ) throws(ExperimentError) -> Part {
        let halves = (text + " ").halves(around: keyword)
        guard let clause = halves.second else { return Part(values: halves.first, condition: nil) }
        let sides = clause.halves(around: "=")
        guard let values = sides.second, !halves.first.isEmpty, !sides.first.isEmpty, !values.isEmpty else {
            throw ExperimentError(
                .invalidValue, about: subject, "'\(whole)' has a condition that is not complete",
                advice: "write VALUES if NAME=VALUES, such as 0.1,0.5 if optimizer=sgd")
        }
        return Part(values: halves.first, condition: (sides.first, values))
    }

    // MARK: - Where a part ends

    private static func pieces(of text: String, about subject: MessageText) throws(ExperimentError) -> [String] {
        if text.contains(";") {
            return text.split(separator: ";", omittingEmptySubsequences: false).map { $0.withoutOuterBlanks }
        }
        var segments = (text + " ").pieces(around: keyword)
        // The last one is a condition alone.
        for index in segments.indices.dropFirst().dropLast().reversed() {
            let (condition, values) = try split(segments[index], of: text, about: subject)
            segments.replaceSubrange(index...index, with: [condition, values])
        }
        return stride(from: 0, to: segments.count - 1, by: 2).map { segments[$0] + keyword + segments[$0 + 1] }
    }

    private static func split(
        _ segment: String, of whole: String, about subject: MessageText
    ) throws(ExperimentError) -> (condition: String, values: String) {
        let separator = segment.contains(", ") ? ", " : ","
        let pieces = segment.pieces(around: separator)
        switch pieces.count {
        case 2: return (pieces[0], pieces[1])
        case 1:
            throw ExperimentError(
                .invalidValue, about: subject, "'\(whole)' has two conditions in one part",
                advice: "give one condition behind each part's values, and a semicolon between parts")
        default:
            let (first, last) = (pieces[0], pieces[pieces.count - 1])
            let middle = pieces.dropFirst().dropLast().joined(separator: ",")
            throw ExperimentError(
                .invalidValue, about: subject,
                "in '\(whole)' it is not clear whether '\(middle)' belongs to the condition before it or to the values behind it",
                advice:
                    "put a semicolon where the part ends: '\(first); \(middle),\(last)' or '\(first),\(middle); \(last)'"
            )
        }
    }
}

extension String {
    /// What stands before the first `separator` and after it, without surrounding blanks.
    func halves(around separator: String) -> (first: String, second: String?) {
        guard let range = firstRange(of: separator) else { return (self[...].withoutOuterBlanks, nil) }
        return (self[..<range.lowerBound].withoutOuterBlanks, self[range.upperBound...].withoutOuterBlanks)
    }

    /// All that stands between the separators, without surrounding blanks.
    fileprivate func pieces(around separator: String) -> [String] {
        split(separator: separator, omittingEmptySubsequences: false).map { $0.withoutOuterBlanks }
    }
}

extension Substring {
    var withoutOuterBlanks: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
