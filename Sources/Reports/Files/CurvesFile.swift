import TextFormats
import Tracking

/// `data/curves.csv`: the steps of runs in long form, in the order of runs and steps, written as they come.
struct CurvesFile {
    /// About so many steps of a run are all that a picture can show.
    static let shownRows = 200

    private let asked: Int?
    /// That of the run.
    private var stride = 1
    /// The names of all runs' parameters.
    private let parameters: [String]
    private let write: ([UInt8]) throws -> Void
    private var csv: CSVText
    private var run: String?
    /// Where each of `parameters` stands among those of the run; nil for one that it does not have.
    private var places: [Int?] = []
    /// The step that waits for the next one, which says how long its update was; meaningless unless `isWaiting`.
    private var last = Row()
    private var isWaiting = false
    /// The text of a learning rate, which seldom changes.
    private var rate: (bits: UInt64, text: String) = (0, "0")
    private static let blockSize = 1 << 18

    /// Every `stride`-th step from step 0 on, and each run's last; `write` gets the file's bytes in order.
    ///
    /// A `stride` of nil is, for each run, the least that leaves at most ``shownRows`` of its steps and the last.
    /// `parameters` are the names of all runs' parameters; a run leaves empty what it does not have.
    init(stride: Int?, parameters: [String], write: @escaping ([UInt8]) throws -> Void) {
        asked = stride
        self.parameters = parameters
        self.write = write
        csv = CSVText(
            columns: ["run_id", "step", "loss", "loss_status", "excess"] + parameters.map { "grad_\($0)" } + parameters
                + ["lr", "step_norm"])
    }

    /// `planned` is how many steps the run has when it is done.
    mutating func begin(_ run: Int64, planned: Int, parameters own: [String]) {
        self.run = String(run)
        stride = asked ?? max(1, (planned + Self.shownRows - 1) / Self.shownRows)
        places = parameters.map { own.firstIndex(of: $0) }
        isWaiting = false
    }

    /// - Precondition: a run has begun and not ended.
    mutating func append(_ step: borrowing RecordedStep) throws {
        if isWaiting, last.step % stride == 0 {
            try appendRow(updatedBy: Self.distance(last.parameters, step.parameters))
        }
        last.take(step)
        isWaiting = true
    }

    /// Writes the run's last row: its update leads to the final parameters, and has no length where it never came.
    ///
    /// A run that a stopping rule ended did not move any more: its last step has the length 0.
    mutating func end(_ reported: ReportedRun) throws {
        guard isWaiting else { return }
        let wasUpdated = reported.isDone || reported.run.divergedStep == last.step + 1
        let final = wasUpdated ? reported.finalValues : nil
        try appendRow(updatedBy: final.map { Self.distance(last.parameters, $0) })
        isWaiting = false
    }

    /// Hands out what is left; nothing may be appended afterwards.
    mutating func close() throws {
        try csv.flush(write)
    }

    // MARK: - Internals

    /// What a row is made of.
    private struct Row {
        var step = 0
        var loss = 0.0
        var excess: Double?
        var learningRate = 0.0
        var parameters: [Double] = []
        var gradient: [Double] = []

        /// Takes a step's numbers, but shares no array with it, so that neither is copied when it changes.
        mutating func take(_ other: borrowing RecordedStep) {
            (step, loss, excess, learningRate) = (other.step, other.loss, other.excess, other.learningRate)
            guard parameters.count == other.parameters.count, gradient.count == other.gradient.count else {
                (parameters, gradient) = (other.parameters, other.gradient)
                return
            }
            for index in parameters.indices { parameters[index] = other.parameters[index] }
            for index in gradient.indices { gradient[index] = other.gradient[index] }
        }
    }

    /// Writes the step that waits, whose update was so long.
    private mutating func appendRow(updatedBy length: Double?) throws {
        guard let run else { preconditionFailure("step \(last.step) belongs to no run") }
        csv.append(run)
        csv.append(last.step)
        csv.append(last.loss)
        csv.append(NumberText.status(last.loss))
        csv.append(last.excess)
        for index in places.indices { csv.append(places[index].map { last.gradient[$0] }) }
        for index in places.indices { csv.append(places[index].map { last.parameters[$0] }) }
        if last.learningRate.bitPattern != rate.bits {
            rate = (last.learningRate.bitPattern, CSVText.number(last.learningRate))
        }
        csv.append(rate.text)
        csv.append(length)
        csv.endRow()
        if csv.bytes.count >= Self.blockSize { try csv.flush(write) }
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += (b[index] - a[index]) * (b[index] - a[index]) }
        return sum.squareRoot()
    }
}
