/// Steps that begin again in every epoch, counted on: `Epoch [2/5], Step [100/600]` is step 700.
///
/// Only where the line itself says it: the epoch rose, the step fell, and both lines name the same total.
struct StepRestarts: Sendable {
    private struct Series {
        var epoch: Int64
        var value: Int64
        var offset: Int64 = 0
    }

    /// By their totals: those of training and of validation differ.
    private var series: [Int64: Series] = [:]
    private static let largestCount = 64

    mutating func resolve(_ recognition: inout Recognition) {
        guard let step = recognition.step, let total = step.total, total > 0,
            let named = recognition.values.first(where: { MetricWords.stepRank($0.name) == MetricWords.epochRank }),
            case .integer(let epoch) = named.value
        else { return }
        guard var known = series[total] else {
            if series.count < Self.largestCount { series[total] = Series(epoch: epoch, value: step.value) }
            return
        }
        if epoch > known.epoch, step.value <= known.value {
            let (passed, isTooLarge) = total.multipliedReportingOverflow(by: epoch - known.epoch)
            let (sum, isSumTooLarge) = known.offset.addingReportingOverflow(passed)
            if !isTooLarge, !isSumTooLarge { known.offset = sum }
        }
        (known.epoch, known.value) = (epoch, step.value)
        series[total] = known
        let (value, isTooLarge) = step.value.addingReportingOverflow(known.offset)
        guard !isTooLarge, known.offset > 0 else { return }
        // Of the sum nobody printed a total.
        recognition.step = RecognizedStep(name: step.name, value: value, total: nil)
    }
}
