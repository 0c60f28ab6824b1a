/// How many different steps were recorded, while they rise; a step that is not beyond all others counts as known.
struct StepCount {
    private(set) var count = 0
    private(set) var largest: Int64 = -1

    mutating func add(_ step: Int64) {
        guard step > largest else { return }
        largest = step
        count += 1
    }
}
