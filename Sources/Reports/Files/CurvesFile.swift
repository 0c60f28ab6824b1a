import TextFormats
import Tracking

/// `data/curves.csv`: the steps of all runs in long form, in the order of runs and steps, written as they come.
struct CurvesFile {
    private let stride: Int
    /// The names of all runs' parameters.
    private let parameters: [String]
    private let write: ([UInt8]) throws -> Void
    private var csv: CSVText
    private var run: String?
    /// Where each of `parameters` stands among those of the run; nil for one that it does not have.
    private var places: [Int?] = []
    /// The step that waits for the next one, which says how long its update was.
    private var last: RecordedStep?
    /// The text of a learning rate, which seldom changes.
    private var rate: (bits: UInt64, text: String) = (0, "0")
    private static let blockSize = 1 << 18

    /// Every `stride`-th step from step 0 on, and each run's last; `write` gets the file's bytes in order.
    ///
    /// `parameters` are the names of all runs' parameters; a run leaves empty what it does not have.
    init(stride: Int, parameters: [String], write: @escaping ([UInt8]) throws -> Void) {
        self.stride = stride
        self.parameters = parameters
        self.write = write
        csv = CSVText(
            columns: ["run_id", "step", "loss", "loss_status", "excess"] + parameters.map { "grad_\($0)" } + parameters
                + ["lr", "step_norm"])
    }

    mutating func begin(_ run: Int64, parameters own: [String]) {
        self.run = String(run)
        places = parameters.map { own.firstIndex(of: $0) }
        last = nil
    }

    /// - Precondition: a run has begun and not ended.
    mutating func append(_ step: RecordedStep) throws {
        if let last, last.step % stride == 0 { try appendRow(last, next: step.parameters) }
        if last == nil { last = step } else { last?.copy(step) }
    }

    /// Writes the run's last row: its update leads to the final parameters, and has no length where it never came.
    ///
    /// A run that a stopping rule ended did not move any more: its last step has the length 0.
    mutating func end(_ reported: ReportedRun) throws {
        guard let last else { return }
        let wasUpdated = reported.isDone || reported.run.divergedStep == last.step + 1
        try appendRow(last, next: wasUpdated ? reported.finalValues : nil)
        self.last = nil
    }

    /// Hands out what is left; nothing may be appended afterwards.
    mutating func close() throws {
        try csv.flush(write)
    }

    // MARK: - Internals

    private mutating func appendRow(_ step: RecordedStep, next: [Double]?) throws {
        guard let run else { preconditionFailure("step \(step.step) belongs to no run") }
        csv.append(run)
        csv.append(step.step)
        csv.append(step.loss)
        csv.append(NumberText.status(step.loss))
        csv.append(step.excess)
        for place in places { csv.append(place.map { step.gradient[$0] }) }
        for place in places { csv.append(place.map { step.parameters[$0] }) }
        if step.learningRate.bitPattern != rate.bits {
            rate = (step.learningRate.bitPattern, CSVText.number(step.learningRate))
        }
        csv.append(rate.text)
        csv.append(next.map { Self.distance(step.parameters, $0) })
        csv.endRow()
        if csv.bytes.count >= Self.blockSize { try csv.flush(write) }
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += (b[index] - a[index]) * (b[index] - a[index]) }
        return sum.squareRoot()
    }
}
