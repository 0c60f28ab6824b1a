import Experiments
import Inspection
import TextFormats
import Tracking

/// Where a sweep stands, for a person or for a program.
struct SweepStatusText: ResultPage {
    private let status: SweepStatus
    /// What a cluster says of it; empty where it was not submitted to one.
    private let submissions: [SubmissionState]
    /// For the digits of what a program reads.
    private let programStyle: ListingStyle

    private var name: String { status.sweep.plan.name }

    init(_ status: SweepStatus, submissions: [SubmissionState], _ style: ListingStyle) {
        self.status = status
        programStyle = style
        self.submissions = submissions
    }

    func text(_ style: ListingStyle) -> String {
        var texts = lines.enumerated().map { $1.wrapped(indentation: $0 == 0 ? 0 : 2, width: style.width) }
        // Colors come last: they take no room.
        let (start, state) = ("\(name.visible): ", status.sweep.state.rawValue)
        if texts[0].hasPrefix(start + state) {
            texts[0] = start + style.state(state) + texts[0].dropFirst((start + state).count)
        }
        for (state, runs) in counts {
            texts[1] = texts[1].replacing("\(runs) \(state)", with: "\(runs) \(style.state(state))")
        }
        return texts.joined(separator: "\n")
    }

    // MARK: - For a person

    private var lines: [MessageText] {
        let tally = status.tally
        let planned = tally.counts.reduce(0) { $0 + $1.stepsPlanned }
        var lines: [MessageText] = [
            "\(name): \(status.sweep.state), \(tally.runsEnded) of \(status.sweep.plannedRuns.counted("run")) ended, "
                + "\(tally.stepsRecorded) of \(planned.counted("step")) recorded"
        ]
        lines.append(
            counts.isEmpty
                ? "no run is shown; \(command: "restore", options: [.init("sweep", name)]) brings deleted ones back"
                : MessageText(counts.map { "\($0.runs) \($0.name)" }.joined(separator: ", ")))
        if !counts.isEmpty, status.deletedRunCount > 0 {
            lines.append("\(status.deletedRunCount.counted("run")) deleted, and not counted here")
        }
        if !status.isIdle, let speed = tally.stepsPerSecond, let left = tally.secondsLeft {
            lines.append("\(Int(speed)) steps/s, \(ProgressBar.duration(left)) left")
        }
        lines += workers.map { worker, runs in
            "at work: process \(worker.pid) on \(worker.host): \(runs.map(Self.text).joined(separator: ", "))"
        }
        for open in status.interrupted {
            let worker = open.run.process.map { "process \($0.pid) on \($0.host)" } ?? "its worker"
            lines.append("interrupted: \(Self.text(open)); \(worker) is gone")
        }
        if let stop = status.events.last(where: { $0.kind == "stopped" }), status.sweep.state == .stopped {
            lines.append("stopped: \(stop.text)")
        }
        lines += submissions.map { MessageText($0.text) }
        if let advice { lines.append(advice) }
        return lines
    }

    private var advice: MessageText? {
        if status.sweep.state == .cancelled {
            return "\(command: "sweep retry", name, options: [.init("state", "cancelled")]) queues its runs again"
        }
        if status.tally.runs(.failed) > 0 { return "\(command: "sweep retry", name) tries the failed runs again" }
        let isWaiting = status.tally.runs(.queued) > 0 || !status.interrupted.isEmpty
        return isWaiting && status.isIdle ? "nobody works on it; \(command: "sweep resume", name) resumes it" : nil
    }

    /// By state, interrupted runs apart from those that somebody is training.
    private var counts: [(name: String, runs: Int)] {
        var counts = status.tally.counts.map { ($0.state.rawValue, $0.runs) }
        if let index = counts.firstIndex(where: { $0.0 == RunState.running.rawValue }), !status.interrupted.isEmpty {
            counts[index].1 = status.running.count
            counts.insert(("interrupted", status.interrupted.count), at: index + 1)
        }
        return counts.filter { $0.1 > 0 }.map { (name: $0.0, runs: $0.1) }
    }

    /// The processes at work, in the order of their first runs.
    private var workers: [(ProcessIdentity, [SweepStatus.OpenRun])] {
        var workers: [(ProcessIdentity, [SweepStatus.OpenRun])] = []
        for open in status.running {
            guard let process = open.run.process else { continue }
            if let index = workers.firstIndex(where: { $0.0 == process }) {
                workers[index].1.append(open)
            } else {
                workers.append((process, [open]))
            }
        }
        return workers
    }

    private static func text(_ open: SweepStatus.OpenRun) -> String {
        "run \(open.run.id) (\(open.stepsRecorded) of \(open.run.plan.steps.counted("step")))"
    }

    // MARK: - For a program

    func encode(to encoder: any Encoder) throws {
        try document.encode(to: encoder)
    }

    private var document: Document { Document(status, submissions, programStyle) }

    /// Without what is different in every sweep: its open runs and submissions.
    var row: [(column: String, value: SQLValue)] {
        let document = document
        let states = (RunState.allCases.map(\.rawValue) + ["interrupted"]).map { state in
            (column: "runs_\(state)", value: SQLValue.optional(document.runs[state]))
        }
        return [
            ("name", .text(document.name)), ("state", .text(document.state)),
            ("runs_planned", .integer(Int64(document.runsPlanned))),
            ("runs_ended", .integer(Int64(document.runsEnded))),
        ] + states + [
            ("steps_recorded", .integer(Int64(document.stepsRecorded))),
            ("steps_left", .integer(Int64(document.stepsLeft))),
            ("steps_per_second", .optional(document.stepsPerSecond)),
            ("seconds_left", .optional(document.secondsLeft)),
        ]
    }

    private struct Document: Encodable {
        struct OpenRun: Encodable {
            let runID: Int64
            let seed: Int64
            let attempt: Int
            let steps: Int
            let stepsRecorded: Int
            let host: String?
            let pid: Int?
        }

        let name: String
        let state: String
        let runsPlanned: Int
        let runsEnded: Int
        let runs: [String: Int]
        let stepsRecorded: Int
        let stepsLeft: Int
        let stepsPerSecond: Double?
        let secondsLeft: Double?
        let running: [OpenRun]
        let interrupted: [OpenRun]
        let submissions: [SubmissionState]

        init(_ status: SweepStatus, _ submissions: [SubmissionState], _ style: ListingStyle) {
            name = status.sweep.plan.name
            state = status.sweep.state.rawValue
            runsPlanned = status.sweep.plannedRuns
            runsEnded = status.tally.runsEnded
            runs = Dictionary(
                uniqueKeysWithValues: RunState.allCases.map { state in
                    (state.rawValue, state == .running ? status.running.count : status.tally.runs(state))
                } + [("interrupted", status.interrupted.count)])
            stepsRecorded = status.tally.stepsRecorded
            stepsLeft = status.tally.stepsLeft
            stepsPerSecond = status.isIdle ? nil : status.tally.stepsPerSecond.map(style.rounded)
            secondsLeft = status.isIdle ? nil : status.tally.secondsLeft.map(style.rounded)
            running = status.running.map(Self.open)
            interrupted = status.interrupted.map(Self.open)
            self.submissions = submissions
        }

        private static func open(_ open: SweepStatus.OpenRun) -> OpenRun {
            OpenRun(
                runID: open.run.id, seed: open.run.plan.seed, attempt: open.run.attempt, steps: open.run.plan.steps,
                stepsRecorded: open.stepsRecorded, host: open.run.process?.host, pid: open.run.process?.pid)
        }
    }
}
