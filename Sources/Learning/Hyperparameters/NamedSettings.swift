/// A name with settings as they are typed, the form that schedules and models share: `cosine:total=500,min=0`.
struct NamedSettings {
    let name: String
    let settings: [String: String]

    /// `refusal` makes the error for an entry that is no `NAME=VALUE`, or names what was set already.
    init(_ text: String, refusal: (_ entry: String) -> LearningError) throws(LearningError) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        var settings: [String: String] = [:]
        for entry in halves.count == 2 ? Self.entries(of: halves[1]) : [] {
            let sides = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, settings[sides[0]] == nil else { throw refusal(entry) }
            settings[sides[0]] = sides[1]
        }
        name = halves[0]
        self.settings = settings
    }

    /// The canonical text: every value, in the order of their names.
    static func text(_ name: String, _ values: [String: HyperparameterValue]) -> String {
        let list = values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return list.isEmpty ? name : "\(name):\(list.joined(separator: ","))"
    }

    /// What stands between commas; a number behind a comma continues a list, as in `milestones=5,20,gamma=0.1`.
    private static func entries(of text: String) -> [String] {
        var entries: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if !entries.isEmpty, part.first?.isNumber ?? false {
                entries[entries.count - 1] += "/\(part)"
            } else {
                entries.append(part)
            }
        }
        return entries
    }
}
