import Crypto
import Tracking

/// What a report keeps of a run's steps, which it reads once from the first to the last.
struct Trajectory: Sendable {
    private(set) var stepCount = 0
    /// The loss of the first step; nil without steps.
    private(set) var firstLoss: Double?
    /// log10 of the excess loss (of the loss where there is no unique minimum) at evenly spaced steps, up to the last
    /// one recorded; -infinity where the excess is 0.
    private(set) var curve: [Double?] = []
    /// Time from the run's first step to its last.
    private(set) var elapsedNanoseconds: Int?

    private let excess: Excess
    private let curveSteps: [Int]
    private var hash = SHA256()
    /// Hashed in blocks, because a call costs more than a row.
    private var pending: [UInt64] = []
    private static let blockSize = 512

    init(of run: PlannedRun, _ excess: Excess) {
        self.excess = excess
        curveSteps = Self.curveSteps(stepCount: run.steps)
        pending.reserveCapacity(Self.blockSize + 5)
    }

    /// The step behind each cell of a sparkline, from the first to the last planned one.
    static func curveSteps(stepCount: Int) -> [Int] {
        (0..<Sparkline.cellCount).map { $0 * (stepCount - 1) / (Sparkline.cellCount - 1) }
    }

    mutating func append(_ step: QuadraticStep) {
        stepCount += 1
        if firstLoss == nil { firstLoss = step.loss }
        elapsedNanoseconds = step.elapsedNanoseconds
        for value in [step.loss, step.w, step.b, step.gradW, step.gradB] {
            pending.append(value.bitPattern.littleEndian)
        }
        if pending.count >= Self.blockSize { hashPending() }
        while curve.count < curveSteps.count, curveSteps[curve.count] == step.step {
            let decades = Decades.of(excess(w: step.w, b: step.b) ?? step.loss)
            curve.append(decades.isNaN || decades == .infinity ? nil : decades)
        }
    }

    /// Names all numbers of all steps, as hexadecimal SHA-256 over the IEEE bytes of loss, w, b and gradients; nil
    /// without steps.
    mutating func sha256() -> String? {
        guard stepCount > 0 else { return nil }
        hashPending()
        return Hexadecimal.text(hash.finalize())
    }

    private mutating func hashPending() {
        pending.withUnsafeBytes { hash.update(bufferPointer: $0) }
        pending.removeAll(keepingCapacity: true)
    }
}
