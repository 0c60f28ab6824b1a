import TextFormats
import Tracking

/// All that a notebook knows of a recorded run, but for its rows.
struct RecordedFacts {
    let run: Run
    /// The stored state, or "interrupted".
    let state: String
    let configuration: ConfigurationFields
    /// The program's words.
    let command: [String]
    let metrics: [MetricSummary]
    let usage: ProcessUsage?
    let surroundings: RunSurroundings

    init(_ run: Run, isInterrupted: Bool, in store: Store) throws {
        self.run = run
        state = isInterrupted ? "interrupted" : run.state.rawValue
        configuration = ConfigurationFields(json: run.plan.config)
        command = RecordedConfiguration(json: run.plan.config)?.command ?? []
        metrics = try store.metrics.summaries(ofRun: run.id)
        usage = try store.recorded.usage(ofRun: run.id)
        surroundings = try RunSurroundings(of: run, [], in: store)
    }

    /// The settings and the seed: whatever the configuration holds apart from the command.
    var settings: [(name: String, value: String)] {
        configuration.values.filter { !$0.key.hasPrefix("command.") && $0.key != "settings" }
            .map { (ConfigurationFields.label(of: $0.key), $0.value) }.sorted { $0.name < $1.name }
    }

    /// The program's words as they were typed.
    var typedCommand: String {
        let seed = configuration["seed"] ?? "{seed}"
        return command.map { word in
            // The configuration leaves the seed out of the words, see ``RecordedConfiguration``.
            let typed =
                word == "{seed}" ? seed : word.hasSuffix("={seed}") ? word.dropLast("{seed}".count) + seed : word
            return typed.quotedForShell
        }.joined(separator: " ")
    }

    subscript(key: String) -> MetricSummary? { metrics.first { $0.key == key } }

    /// The metric that is drawn where nobody chose one: a loss if there is one, of several the one with the most numbers.
    var mostTelling: String? {
        func rank(_ metric: MetricSummary) -> (Int, Int, String) {
            (MetricGoal.isLoss(metric.key) ? 0 : MetricGoal(key: metric.key) != nil ? 1 : 2, -metric.count, metric.key)
        }
        return metrics.min { rank($0) < rank($1) }?.key
    }

    /// How the program ended: `exit code 1`, `signal 9 (SIGKILL)`; nil where nobody knows.
    var end: String? { usage.flatMap(Self.end) }

    static func end(_ usage: ProcessUsage) -> String? {
        if let signal = usage.signal { return "signal \(signal)\(Self.signalNames[signal].map { " (\($0))" } ?? "")" }
        return usage.exitCode.map { "exit code \($0)" }
    }

    private static let signalNames: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
        11: "SIGSEGV",
        13: "SIGPIPE", 15: "SIGTERM",
    ]

    /// A number as a configuration has it, or a text.
    static func value(_ text: String) -> SQLValue {
        Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
    }
}

extension MetricValue {
    /// For a glance, or rounded as the style says.
    func text(_ style: ListingStyle) -> String {
        switch self {
        case .integer(let integer): String(integer)
        case .real(let number): CellText.glance(style.rounded(number))
        }
    }
}

extension TrackingError {
    /// A metric that a run does not have.
    init(noMetric key: String, ofRun run: Int64, among keys: [String]) {
        let hint = NearestName.hint(for: key, among: keys)
        self.init(
            .notFound, "run \(run) has no metric '\(key)'\(hint)",
            advice: keys.isEmpty
                ? "it has none at all"
                : hint.isEmpty
                    ? "it has \(keys.prefix(8).joined(separator: ", "))\(keys.count > 8 ? ", ..." : "")" : nil)
    }
}
