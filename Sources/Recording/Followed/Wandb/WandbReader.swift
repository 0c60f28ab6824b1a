import TextFormats

/// Takes the bytes of a growing `.wandb` file, the log of the W&B package, in pieces of any size, and gives what it says of its run.
///
/// Each row of the history is a line: `_step` and `_timestamp` are step and time, `_runtime` is left out, other keys are values, nested
/// ones with `/` between their names. Images, tables and the like are left out and counted. The configuration is declared as it
/// comes; the summary, which the log repeats with each row, once at the end.
///
/// The package holds its log back until 32 KB of it are full or the run ends; what a killed program logged last is nowhere.
struct WandbReader: Sendable {
    enum Item {
        case item(FollowedItem)
        /// Nothing more comes; the sentence ends one that names the file.
        case stopped(String)
    }

    private(set) var counts = FollowedCounts()

    private var records = WandbRecords()
    private var run = FollowedRun()
    private var tags: [String] = []
    private var note = ""
    private var summary: [String: LoggedEntry] = [:]
    private var summaryNames: [String] = []

    var hasRest: Bool { records.hasRest }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        var records = WandbRecords()
        swap(&records, &self.records)
        records.read(piece) { take($0, body) }
        swap(&records, &self.records)
    }

    /// The log has ended: gives the summary, if the run did not say that it ended.
    mutating func finish(_ body: (Item) -> Void) {
        giveEnd(nil, body)
    }

    // MARK: - Records

    private mutating func take(_ item: WandbRecords.Item, _ body: (Item) -> Void) {
        switch item {
        case .stopped(let reason):
            counts.damaged += 1
            body(.stopped(reason))
        case .damaged: counts.damaged += 1
        case .tooLarge: counts.refuse("a record has more than \(WandbRecords.largestKept) bytes and is left out")
        case .record(let bytes):
            if !read(record: bytes, body) { counts.damaged += 1 }
        }
    }

    /// False where the bytes are no record.
    private mutating func read(record bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) -> Bool {
        var fields = WireReader(bytes)
        var isRead = true
        while let field = fields.next() {
            guard let message = field.value.message else { continue }
            switch field.number {
            case 2: isRead = history(message, body)
            case 3: isRead = addSummary(message)
            case 5: isRead = configuration(message, body)
            case 17: isRead = run(message, body)
            case 18: isRead = exit(message, body)
            default: continue
            }
        }
        return isRead && !fields.isDamaged
    }

    private mutating func history(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) -> Bool {
        guard let items = WandbItem.items(bytes) else { return false }
        var values = WandbValues()
        for item in items { values.add(item) }
        counts.media += values.removeMedia()

        var line = LoggedLine()
        var step = Self.step(bytes).map(LoggedValue.integer)
        for entry in values.entries {
            switch entry.key.name {
            case "_step": step = entry.value
            case "_timestamp":
                if let time = entry.value.double, time.isFinite { line.time = time }
            case "_runtime": continue
            default: line.values.append(entry)
            }
        }
        (line.refusals, line.repairs) = (values.refusals, values.repairs)
        if let step { line.step = FollowedStep.step(step) }
        if let step, line.step == nil, !line.values.isEmpty {
            line.refusals.add(FollowedStep.refusal(step))
            line.values = []
        }
        counts.refused += line.refusals.count
        if line.values.isEmpty, line.refusals.isEmpty { return true }
        counts.lines += 1
        body(.item(.line(line)))
        return true
    }

    /// What the record says beside its items.
    private static func step(_ history: UnsafeRawBufferPointer) -> Int64? {
        var step: Int64?
        var fields = WireReader(history)
        while let field = fields.next() {
            guard field.number == 2, let message = field.value.message else { continue }
            step = 0
            var values = WireReader(message)
            while let value = values.next() {
                if value.number == 1, let number = value.value.integer { step = number }
            }
        }
        return step
    }

    private mutating func configuration(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) -> Bool {
        guard let items = WandbItem.items(bytes) else { return false }
        let settings = WandbSettings(items)
        var line = LoggedLine()
        line.refusals = settings.refusals
        counts.refused += settings.refusals.count
        let members = settings.members
        if !members.isEmpty { line.declarations.append(.config(members)) }
        if !members.isEmpty || !line.refusals.isEmpty { body(.item(.line(line))) }
        return true
    }

    private mutating func run(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) -> Bool {
        var run = FollowedRun()
        var (tags, note) = ([String](), "")
        var configurations: [UnsafeRawBufferPointer] = []
        var fields = WireReader(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: run.identifier = field.value.text
            case 3: run.project = field.value.text
            case 4: if let message = field.value.message { configurations.append(message) }
            case 5: if let message = field.value.message, !addSummary(message) { return false }
            case 8: run.name = field.value.text
            case 9: note = field.value.text ?? ""
            case 10: if let tag = field.value.text, tags.count < 1000 { tags.append(tag) }
            default: continue
            }
        }
        if fields.isDamaged { return false }
        if run != self.run { body(.item(.run(run))) }
        // A run is said again when something changes.
        var line = LoggedLine()
        if !tags.isEmpty, tags != self.tags { line.declarations.append(.tags(tags)) }
        if !note.isEmpty, note != self.note { line.declarations.append(.note(note)) }
        if !line.declarations.isEmpty { body(.item(.line(line))) }
        (self.run, self.tags, self.note) = (run, tags, note)
        return configurations.reduce(true) { configuration($1, body) && $0 }
    }

    // MARK: - The end

    private mutating func addSummary(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let items = WandbItem.items(bytes) else { return false }
        var values = WandbValues()
        // W&B's own, such as `_runtime`.
        for item in items where item.names.first?.hasPrefix("_") == false { values.add(item) }
        _ = values.removeMedia()
        for entry in values.entries {
            let name = entry.key.name
            if summary[name] == nil {
                guard summaryNames.count < WandbValues.largestCount else { continue }
                summaryNames.append(name)
            }
            summary[name] = entry
        }
        return true
    }

    private mutating func exit(_ bytes: UnsafeRawBufferPointer, _ body: (Item) -> Void) -> Bool {
        var code: Int64 = 0
        var fields = WireReader(bytes)
        while let field = fields.next() {
            if field.number == 1, let number = field.value.integer { code = number }
        }
        if fields.isDamaged { return false }
        giveEnd(
            LoggedEnd(
                state: code == 0 ? .done : .failed,
                reason: code == 0 ? nil : "W&B's log says that it ended with \(code)"),
            body)
        return true
    }

    private mutating func giveEnd(_ end: LoggedEnd?, _ body: (Item) -> Void) {
        var line = LoggedLine()
        let entries = summaryNames.compactMap { summary[$0] }
        if !entries.isEmpty { line.declarations.append(.summary(entries)) }
        if let end { line.declarations.append(.end(end)) }
        (summary, summaryNames) = ([:], [])
        if !line.declarations.isEmpty { body(.item(.line(line))) }
    }
}
