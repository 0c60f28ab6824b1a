import TextFormats

/// Values in the JSON of W&B, read as those of lines are: exactly, nested ones flat.
struct WandbValues {
    /// As of a line.
    static let largestCount = 10_000

    private(set) var entries: [LoggedEntry] = []
    private(set) var refusals = Refusals()
    private(set) var repairs = 0

    mutating func add(_ item: WandbItem) {
        let template: LoggedEntry
        switch FollowedKey.entry(item.name, .integer(0)) {
        case .failure(let error): return refusals.add(error.description)
        case .success(let entry): template = entry
        }
        var reading = LineReading(item.json)
        var found: [LoggedEntry] = []
        do throws(LineError) {
            reading.scanner.skipBlanks()
            try reading.flatten(template.key, depth: 1) { _, key, value in found.append(LoggedEntry(key, value)) }
            reading.scanner.skipBlanks()
            guard reading.scanner.isAtEnd else { throw reading.scanner.unexpected("the end of the value") }
        } catch {
            return refusals.add("a value of \(item.name.prefix(40).description.visible) is left out: \(error)")
        }
        repairs += reading.scanner.repairs
        for sentence in reading.line.refusals.sentences { refusals.add(sentence) }
        if entries.count + found.count > Self.largestCount {
            refusals.add("a record has \(Self.largestCount) values at most; the others are left out")
        }
        entries.append(contentsOf: found.prefix(Self.largestCount - entries.count))
    }

    /// Leaves out images, histograms and the like, each of which says what it is under `_type`; how many there were.
    mutating func removeMedia() -> Int {
        var media: Set<String> = []
        for entry in entries {
            if case .text = entry.value, entry.key.name.hasSuffix("/_type") {
                media.insert(String(entry.key.name.dropLast("_type".count)))
            }
        }
        if media.isEmpty { return 0 }
        entries.removeAll { entry in
            let name = entry.key.name
            let ends = name.indices.lazy.filter { name[$0] == "/" }
            return ends.prefix(WandbItem.largestDepth).contains { media.contains(String(name[...$0])) }
        }
        // Some hold others, such as a list of images.
        var outer: String?
        return media.sorted().count { name in
            if let outer, name.hasPrefix(outer) { return false }
            outer = name
            return true
        }
    }
}
