import Foundation
import Hashing
package import TextFormats
package import Tracking

/// Takes what a program wrote and printed, and stores it as one run of the notebook.
///
/// Used by one thread. Rows are committed at most ``commitInterval`` after their bytes came. While the notebook cannot be written
/// nothing is lost: what waits is tried again, and the caller leaves what comes meanwhile in its ``PieceQueue``.
package final class RunRecorder {
    /// Seconds.
    package static let commitInterval = 0.1
    /// A transaction takes no more rows.
    private static let largestTransaction = 20_000
    private static let largestChanges = 1000

    /// What of the output becomes metrics.
    package enum OutputMode: Sendable {
        /// The forms that programs use.
        case recognized
        case pattern(MetricPattern)
        case none
    }

    private let store: Store
    private let run: Run
    private let attempt: RunAttempt
    private let tell: @Sendable (MessageText) -> Void
    private let began: Double

    private var descriptor = StreamReader()
    private var outputs: [PieceSource: (lines: OutputLines, tail: StreamTail)]
    private var recognizer: OutputRecognizer?
    private var hasPattern = false
    private let readsText: Bool
    private var summary = RecognitionSummary()
    private var epoch = EpochValues()
    private var hasToldSummary = false
    private var hasToldOfKeys = false
    /// Whether the program writes lines of the protocol, so that what it prints is for people.
    private var usesDescriptor = false

    private let followed: [any FollowedLog]
    private var nextPoll = Date.distantPast
    /// Of keys that do not come from the program itself.
    private var origins: [String: MetricOrigin] = [:]

    private var rows: OpenRows
    private var changes = RecordedChanges()
    private var shapes = StoredShapes()
    private var known = KnownMetrics()
    private var configuration: RecordedConfiguration
    private var steps = StepCount()
    /// Whether the next line is the first one of a spool file.
    private var isBehindSpoolTitle = false
    private var nextCommit = Date.distantPast
    private var waiting: (since: Date, reason: String)?

    /// What was not stored as it came.
    package private(set) var troubles = RecordingTroubles()
    /// Why nothing is stored any more; nil while all is well.
    package private(set) var failure: TrackingError?
    /// How the program said that it ended.
    package private(set) var end: LoggedEnd?

    /// A recorder of this run, which belongs to this process.
    ///
    /// `began` is when the attempt began, in seconds since 1970. With `readsText` lines of the descriptor may be for people, too.
    /// `tell` says sentences to whoever watches.
    package init(
        _ run: Run, in store: Store, output: OutputMode, began: Double, readsText: Bool = false,
        following followed: [any FollowedLog] = [],
        tell: @escaping @Sendable (MessageText) -> Void
    ) throws(TrackingError) {
        (self.store, self.run, self.began, self.tell) = (store, run, began, tell)
        (self.readsText, self.followed) = (readsText, followed)
        attempt = run.currentAttempt
        outputs = [
            .standardOutput: (OutputLines(), StreamTail("stdout")),
            .standardError: (OutputLines(), StreamTail("stderr")),
        ]
        switch output {
        case .recognized: recognizer = OutputRecognizer()
        case .pattern(let pattern):
            recognizer = OutputRecognizer(pattern: pattern)
            hasPattern = true
        case .none: recognizer = nil
        }
        configuration = RecordedConfiguration(json: run.plan.config) ?? RecordedConfiguration()
        let isFirst = run.attempt == 1
        rows = OpenRows(lastSteps: isFirst ? [:] : try store.recorded.lastSteps(ofRun: run.id))
    }

    /// Whether rows wait that a transaction should take now.
    package var isCommitDue: Bool {
        hasChanges && (nextCommit <= Date() || changes.metrics.rows.count >= Self.largestTransaction)
    }

    /// Whether the notebook could not be written the last time, so that nothing more should be taken.
    package var isWaiting: Bool { waiting != nil }

    package func take(_ piece: Piece) {
        guard failure == nil else { return }
        if !hasChanges { nextCommit = Date(timeIntervalSinceNow: Self.commitInterval) }
        switch piece.source {
        case .descriptor:
            piece.bytes.withUnsafeBytes { bytes in
                descriptor.read(bytes) { take($0, at: piece.time) }
            }
        case .standardOutput, .standardError:
            outputs[piece.source]?.tail.add(piece.bytes)
            outputs[piece.source]?.lines.read(piece.bytes) { take($0, at: piece.time) }
        }
        if changes.metrics.rows.count >= Self.largestTransaction || changes.texts.count >= Self.largestTransaction {
            commit()
        }
    }

    /// Stores what is there; false if the notebook cannot be written now.
    @discardableResult
    package func commit() -> Bool {
        guard failure == nil else { return true }
        rows.closeAll { add($0) }
        noteTroubles()
        guard !changes.isEmpty else { return true }
        changes.stepCount = steps.count
        do throws(TrackingError) {
            let remainder = try store.recorded.write(
                changes, to: attempt, source: source, origins: origins, known: &known)
            note(remainder)
            changes.removeAll()
            nextCommit = .distantPast
            if let waiting {
                tell("the notebook is written again, after \(Int(Date().timeIntervalSince(waiting.since))) seconds")
                self.waiting = nil
            }
            return true
        } catch {
            switch error.code {
            case .busy, .diskFull:
                if waiting == nil {
                    waiting = (Date(), "\(error.message)")
                    tell("\(error.message); what the program records waits and is not lost")
                    changes.events.append(.init("waited", "\(error.message)"))
                }
                return false
            default:
                failure = error
                return true
            }
        }
    }

    /// Takes what the followed logs have now, a few times a second.
    package func pollFollowed() {
        guard failure == nil, !followed.isEmpty, nextPoll <= Date() else { return }
        for log in followed {
            if !hasChanges { nextCommit = Date(timeIntervalSinceNow: Self.commitInterval) }
            _ = log.poll(limit: 16 << 20) { take($0, of: log) }
        }
        nextPoll = Date(timeIntervalSinceNow: 0.2)
    }

    /// The streams have ended: takes their last lines, and what is left of the followed logs.
    package func finishStreams(at time: Double) {
        guard failure == nil else { return }
        for log in followed {
            log.finish { take($0, of: log) }
            if log.counts.lines == 0 { tell("nothing was read from '\(log.path.visible)'") }
            troubles.add(log.counts)
        }
        descriptor.finish { take($0, at: time) }
        for source in outputs.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            outputs[source]?.lines.finish { take($0, at: time) }
        }
        finishEpoch()
        tellSummary(isLast: true)
    }

    /// Stores how the attempt ended; false if the notebook cannot be written now.
    package func finish(state: RunState?, reason: String?, usage: ProcessUsage?) -> Bool {
        guard commit() else { return false }
        guard failure == nil else { return true }
        let output = outputs.values.map(\.tail.excerpt)
        do throws(TrackingError) {
            try store.recorded.finish(attempt, state: state, reason: reason, output: output, usage: usage)
            return true
        } catch {
            if error.code == .busy || error.code == .diskFull { return false }
            failure = error
            return true
        }
    }

    package func addEvent(_ kind: String, _ message: String) {
        changes.events.append(.init(kind, message))
    }

    /// Adds a file that belongs to the run, or an event that says why not.
    package func addFile(_ path: String, name: String? = nil) {
        switch FileContent.read(path) {
        case .success(let content):
            changes.files.append(.init(path: path, name: name, size: content.size, sha256: content.hash))
        case .failure(let error):
            troubles.files += 1
            addEvent("file", "'\(path.visible)' was not recorded: \(error)")
        }
    }

    // MARK: - Lines

    private var hasChanges: Bool { rows.count > 0 || !changes.isEmpty }

    private var source: String { usesDescriptor ? "protocol" : "output" }

    private func take(_ item: StreamItem, at time: Double) {
        switch item {
        case .line(let line):
            usesDescriptor = true
            take(line, at: time)
        case .unreadable(let bytes):
            takeUnreadable(bytes, at: time)
        }
    }

    /// What is no line of the protocol may be a line for people, where both come the same way.
    private func takeUnreadable(_ bytes: UnreadableBytes, at time: Double) {
        outputs[.standardOutput]?.tail.add(Array(bytes.text.utf8) + [UInt8(ascii: "\n")])
        if readsText, !bytes.text.isEmpty, !usesDescriptor || hasPattern, recognizer != nil {
            take(OutputLine(bytes.text), at: time)
        } else if !bytes.text.isEmpty {
            troubles.addLine(bytes)
        }
    }

    private func take(_ line: OutputLine, at time: Double) {
        guard var recognizer, hasPattern || !usesDescriptor else { return }
        // A copy would be made of what is held twice.
        self.recognizer = nil
        let recognition = recognizer.recognize(line)
        self.recognizer = recognizer
        summary.add(recognition)
        if summary.lines == 10 { tellSummary(isLast: false) }
        if recognition.kind == .epoch || recognition.isOfEpoch,
            epoch.step != recognition.step?.value || epoch.isFull
        {
            finishEpoch()
        }
        guard let line = recognition.line else { return }
        recognition.isOfEpoch ? epoch.add(line, at: time) : take(line, at: time)
    }

    private func take(_ line: LoggedLine, at time: Double) {
        var line = line
        line.time = line.time ?? time
        troubles.add(line)
        for declaration in line.declarations { take(declaration, line) }
        if line.values.isEmpty { return }
        if isBehindSpoolTitle, let step = line.step { noteGap(before: step) }
        rows.add(line) { add($0) }
    }

    private func take(_ item: FollowedItem, of log: any FollowedLog) {
        switch item {
        case .line(let line):
            for entry in line.values where origins[entry.key.name] == nil {
                origins[entry.key.name] = MetricOrigin(source: log.source)
            }
            take(line, at: Date().timeIntervalSince1970)
        case .run(let run):
            if let name = run.name, isName(name, of: "name") { changes.name = name }
            if let project = run.project, isName(project, of: "experiment") { changes.experiment = project }
        case .precision(let key, let precision):
            origins[key, default: MetricOrigin(source: log.source)].precision = precision.rawValue
        case .superseded(let key, let step):
            // What came before belongs into the notebook before it is taken back.
            commit()
            changes.superseded.append((key, step))
        // Counted by the log itself.
        case .unreadable: break
        case .notice(let sentence): addEvent("followed", sentence)
        case .stopped(let sentence):
            troubles.stoppedLogs += 1
            tell("\(sentence)")
            addEvent("followed", sentence)
        }
    }

    /// Takes what an epoch printed last.
    private func finishEpoch() {
        troubles.reprinted += epoch.replacedCount
        if let (line, time) = epoch.take() { self.take(line, at: time) }
    }

    private func tellSummary(isLast: Bool) {
        guard !hasToldSummary, summary.lines > 0, !usesDescriptor || hasPattern, recognizer != nil,
            !isLast || summary.linesWithMetrics > 0
        else { return }
        hasToldSummary = true
        tell("\(summary.sentence)")
    }

    // MARK: - What a line declares

    private func take(_ declaration: LoggedDeclaration, _ line: LoggedLine) {
        switch declaration {
        case .config(let members): set(members)
        case .summary(let entries):
            for entry in entries {
                changes.summary.append((entry.key.name, RecordedChanges.Final(entry.value, storable)))
            }
        case .tags(let tags): changes.tags += tags.filter { LoggedKey($0).isAllowed }
        case .note(let note): changes.notes.append(storable(note))
        case .name(let name): if isName(name, of: "name") { changes.name = name }
        case .experiment(let name): if isName(name, of: "experiment") { changes.experiment = name }
        case .spool(let identity): goOn(withSpoolOf: identity)
        case .file(let file): addFile(file.path, name: file.name)
        case .tensors(let tensors):
            let step = line.step ?? max(0, steps.largest)
            steps.add(step)
            for tensor in tensors { changes.tensors.append(RecordedChanges.Tensor(tensor, step: step)) }
        case .keys: break
        case .end(let end): self.end = end
        }
        if changes.summary.count + changes.notes.count + changes.tags.count + changes.files.count + changes.events.count
            + changes.tensors.count > Self.largestChanges
        {
            commit()
        }
    }

    /// Names of runs and experiments are short and of one line.
    private func isName(_ name: String, of kind: String) -> Bool {
        let isName = !name.isEmpty && name.utf8.count <= 200 && name.isVisible
        if !isName { addEvent("name", "'\(name.prefix(60).description.visible)' was not taken as the \(kind)") }
        return isName
    }

    /// What the program wrote while nobody read it.
    private func goOn(withSpoolOf identity: String) {
        guard run.plan.identity == identity else {
            troubles.lines += 1
            return addEvent("spool", "a file of the run \(identity.prefix(64).description.visible) was not taken in")
        }
        isBehindSpoolTitle = true
    }

    /// Says what may be missing before the first step of a spool file.
    private func noteGap(before step: Int64) {
        isBehindSpoolTitle = false
        let last = (try? store.recorded.lastStep(ofRun: run.id)) ?? nil
        guard step > last ?? 0 else { return }
        let begin = last.map { "after step \($0) and " } ?? ""
        addEvent(
            "gap",
            "what was logged \(begin)before step \(step) may be missing: it was not stored when the recorder ended")
    }

    private func set(_ members: [JSONValue.Member]) {
        guard configuration.set(members) else {
            troubles.settings += 1
            return addEvent(
                "settings", "settings of more than \(RecordedConfiguration.largestSize) bytes were not recorded")
        }
        changes.configuration = configuration
    }

    // MARK: - Rows

    private func add(_ row: GroupRow) {
        steps.add(row.step)
        for text in row.texts {
            changes.texts.append(.init(key: text.key.name, step: row.step, value: storable(text.text)))
        }
        guard !row.keys.isEmpty else { return }
        changes.metrics.add(
            row.numbers, shape: shapes.place(of: row, in: &changes.metrics), step: row.step,
            elapsedNanoseconds: row.time.flatMap { Self.nanoseconds($0 - began) })
    }

    /// SQLite ends a text at a zero byte, so that one is made visible.
    private func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        troubles.zeroBytes += 1
        return text.replacing("\0", with: "\u{2400}")
    }

    private static func nanoseconds(_ seconds: Double) -> Int64? { Int64(exactly: (seconds * 1e9).rounded()) }

    private func note(_ remainder: RecordedStore.Remainder) {
        troubles.conflicts += remainder.conflicts.count
        troubles.refusedNumbers += remainder.refusedCount
        troubles.superseded += remainder.takenBackCount
        guard let key = remainder.refusedKey, !hasToldOfKeys else { return }
        hasToldOfKeys = true
        tell(
            """
            the notebook takes no more keys, so numbers such as those under '\(key.visible)' are not recorded; log a number under one \
            key at many steps, and not under a key for each step
            """)
    }

    private func noteTroubles() {
        troubles.rows = rows.counts
        troubles.stream = descriptor.counts
    }
}
