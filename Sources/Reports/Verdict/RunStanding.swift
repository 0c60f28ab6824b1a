import Statistics
import Tracking

/// What the way a run ended means to a comparison, whatever is measured.
enum RunStanding: Sendable, Hashable {
    /// It has the value that is measured.
    case ended
    /// Worse than every value.
    case failed(Failure)
    /// In no test and in no rate.
    case noResult(Absence)

    enum Failure: Sendable, CaseIterable {
        case diverged, failed, unstable
    }

    enum Absence: Sendable, CaseIterable {
        case queued, running, interrupted, cancelled, pruned, notPromoted
    }

    /// `isUnstable` is what ``Statistics/Instability`` says of a run that is done; `isStoppedByHalving` that it ran in a rung
    /// below the last one: however it ended there, it says nothing of the steps that it was not given.
    init(_ run: Run, isInterrupted: Bool, isUnstable: Bool, isStoppedByHalving: Bool) {
        self =
            switch run.state {
            case .queued: .noResult(.queued)
            case .running: .noResult(isInterrupted ? .interrupted : .running)
            case .cancelled: .noResult(.cancelled)
            case .pruned: .noResult(.pruned)
            case .done where isStoppedByHalving, .diverged where isStoppedByHalving, .failed where isStoppedByHalving:
                .noResult(.notPromoted)
            case .done: isUnstable ? .failed(.unstable) : .ended
            case .diverged: .failed(.diverged)
            case .failed: .failed(.failed)
            }
    }

    /// With what was measured of a run that ended: nil or no number is a failure too, such as a condition that never held.
    func outcome(_ value: Double?) -> Outcome {
        switch self {
        case .ended: value.flatMap { $0.isFinite ? .value($0) : nil } ?? .failure
        case .failed: .failure
        case .noResult: .noResult
        }
    }
}

// MARK: - In words

extension RunStanding.Failure: CustomStringConvertible {
    var description: String {
        switch self {
        case .diverged: "diverged"
        case .failed: "failed"
        case .unstable: "unstable"
        }
    }
}

extension RunStanding.Absence: CustomStringConvertible {
    var description: String {
        switch self {
        case .queued: "queued"
        case .running: "running"
        case .interrupted: "interrupted"
        case .cancelled: "cancelled"
        case .pruned: "pruned"
        case .notPromoted: "not promoted by halving"
        }
    }
}

extension RunStanding {
    /// "1 diverged, 14 unstable: they ended higher than they began"; nil where none failed.
    static func failures(in standings: some Collection<RunStanding>) -> String? {
        let counts = Failure.allCases.map { kind in (kind, standings.count { $0 == .failed(kind) }) }
        let parts = counts.filter { $0.1 > 0 }.map { kind, count in
            let ending = count == 1 ? "it ended higher than it began" : "they ended higher than they began"
            return "\(count) \(kind)\(kind == .unstable ? ": \(ending)" : "")"
        }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// "3 queued, 1 interrupted"; nil where all have a result.
    static func absences(in standings: some Collection<RunStanding>) -> String? {
        let counts = Absence.allCases.map { kind in (kind, standings.count { $0 == .noResult(kind) }) }
        let parts = counts.filter { $0.1 > 0 }.map { "\($1) \($0)" }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
