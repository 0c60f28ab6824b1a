import TextFormats
import Tracking

/// `data/curves.csv`: the steps of all runs in long form, in the order of runs and steps, written as they come.
struct CurvesFile {
    static let columns = [
        "run_id", "step", "loss", "loss_status", "excess", "grad_w", "grad_b", "w", "b", "lr", "step_norm",
    ]

    private let stride: Int
    private let write: ([UInt8]) throws -> Void
    private var csv = CSVText(columns: columns)
    private var run: String?
    /// The step that waits for the next one, which says how long its update was.
    private var last: (step: QuadraticStep, excess: Double?)?
    /// The text of a learning rate, which seldom changes.
    private var rate: (bits: UInt64, text: String) = (0, "0")
    private static let blockSize = 1 << 18

    /// Every `stride`-th step from step 0 on, and each run's last; `write` gets the file's bytes in order.
    init(stride: Int, write: @escaping ([UInt8]) throws -> Void) {
        self.stride = stride
        self.write = write
    }

    mutating func begin(_ run: Int64) {
        self.run = String(run)
        last = nil
    }

    /// - Precondition: a run has begun and not ended.
    mutating func append(_ step: QuadraticStep, _ excess: Double?) throws {
        if let last, last.step.step % stride == 0 {
            try appendRow(last.step, last.excess, next: (step.w, step.b))
        }
        last = (step, excess)
    }

    /// Writes the run's last row: its update leads to the final parameters, and has no length where it never came.
    ///
    /// A run that a stopping rule ended did not move any more: its last step has the length 0.
    mutating func end(_ reported: ReportedRun) throws {
        guard let last else { return }
        let wasUpdated = reported.isDone || reported.run.firstBadStep == last.step.step + 1
        if wasUpdated, let w = reported.w, let b = reported.b {
            try appendRow(last.step, last.excess, next: (w.final, b.final))
        } else {
            try appendRow(last.step, last.excess, next: nil)
        }
        self.last = nil
    }

    /// Hands out what is left; nothing may be appended afterwards.
    mutating func close() throws {
        try csv.flush(write)
    }

    // MARK: - Internals

    private mutating func appendRow(_ step: QuadraticStep, _ excess: Double?, next: (w: Double, b: Double)?) throws {
        guard let run else { preconditionFailure("step \(step.step) belongs to no run") }
        csv.append(run)
        csv.append(step.step)
        csv.append(step.loss)
        csv.append(NumberText.status(step.loss))
        csv.append(excess)
        csv.append(step.gradW)
        csv.append(step.gradB)
        csv.append(step.w)
        csv.append(step.b)
        if step.learningRate.bitPattern != rate.bits {
            rate = (step.learningRate.bitPattern, CSVText.number(step.learningRate))
        }
        csv.append(rate.text)
        csv.append(next.map { Self.distance((step.w, step.b), $0) })
        csv.endRow()
        if csv.bytes.count >= Self.blockSize { try csv.flush(write) }
    }

    private static func distance(_ a: (w: Double, b: Double), _ b: (w: Double, b: Double)) -> Double {
        let (dw, db) = (b.w - a.w, b.b - a.b)
        return (dw * dw + db * db).squareRoot()
    }
}
