/// Takes the bytes of a growing event file, and gives each value under its tag.
struct EventFileReader: Sendable {
    struct Value {
        let name: String
        let step: Int64
        let time: Double?
        let value: LoggedValue
        let precision: FollowedPrecision?
    }

    enum Item {
        case value(Value)
        /// The writer goes on from this step after a crash.
        case start(Int64)
        /// Nothing more comes; the sentence ends one that names the file.
        case stopped(String)
    }

    /// Texts beyond it are cut.
    static let longestText = 1 << 20
    /// Of one event.
    static let largestCount = 10_000
    private static let largestTagCount = 10_000

    var counts = FollowedCounts()
    /// Of the first event, which says when the file was opened.
    private(set) var began: Double?

    private var records = EventRecords()
    /// What is known of a tag is not said again.
    private var plugins: [String: String] = [:]
    /// Whether there was an event, or none will be.
    private(set) var hasBegun = false

    var hasRest: Bool { records.hasRest }

    mutating func read(_ piece: UnsafeRawBufferPointer, _ body: (Item) -> Void) {
        var records = EventRecords()
        swap(&records, &self.records)
        records.read(piece) { take($0, body) }
        swap(&records, &self.records)
    }

    // MARK: - Internals

    private mutating func take(_ item: EventRecords.Item, _ body: (Item) -> Void) {
        switch item {
        case .stopped(let reason):
            hasBegun = true
            counts.damaged += 1
            body(.stopped(reason))
        case .damaged: counts.damaged += 1
        case .tooLarge: counts.media += 1
        case .record(let bytes):
            guard let event = TensorBoardEvent(bytes) else {
                counts.damaged += 1
                return
            }
            let time = event.time.flatMap { $0.isFinite ? $0 : nil }
            if !hasBegun { (hasBegun, began) = (true, time) }
            if event.isStart { body(.start(event.step)) }
            for summary in event.summaries.prefix(Self.largestCount) { give(summary, event, time, body) }
            if event.summaries.count > Self.largestCount {
                counts.refuse("an event has more than \(Self.largestCount) values; the others are left out")
            }
        }
    }

    private mutating func give(
        _ summary: UnsafeRawBufferPointer, _ event: TensorBoardEvent, _ time: Double?, _ body: (Item) -> Void
    ) {
        guard let value = TensorBoardValue(summary) else {
            counts.damaged += 1
            return
        }
        let plugin = plugin(of: value)
        if plugin == "hparams" { return }
        let content: LoggedValue
        let precision: FollowedPrecision?
        switch value.content {
        case .nothing: return
        case .media:
            counts.media += 1
            return
        case .value(let number, let stored): (content, precision) = (number, stored)
        case .text(let text):
            // Other plugins keep their settings as texts.
            guard plugin == "text" else { return }
            (content, precision) = (.text(Self.cut(text)), nil)
        }
        guard event.step >= 0 else {
            counts.refuse(FollowedStep.refusal(.integer(event.step)))
            return
        }
        body(.value(Value(name: value.tag, step: event.step, time: time, value: content, precision: precision)))
    }

    private mutating func plugin(of value: TensorBoardValue) -> String? {
        guard let plugin = value.plugin else { return plugins[value.tag] }
        // The others need no plugin to be known.
        if plugin == "text" || plugin == "hparams", plugins.count < Self.largestTagCount, value.tag.utf8.count <= 1000 {
            plugins[value.tag] = plugin
        }
        return plugin
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longestText ? text : String(decoding: text.utf8.prefix(longestText), as: UTF8.self)
    }
}
