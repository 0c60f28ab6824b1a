import Autograd

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The time of a case and of its floor, measured in turns so that a busy machine disturbs both alike.
struct Measurement {
    /// Nanoseconds per unit of work, the median of all rounds.
    let subject: Double
    let floor: Double
    /// The median over the rounds of subject divided by floor.
    let ratio: Double
    /// How many objects the engine allocates for one unit of the subject.
    let allocations: Double

    init(_ benchmark: BenchmarkCase) {
        // One round to warm up: pools fill, caches and branch predictors learn.
        benchmark.subject()
        benchmark.floor()
        benchmark.otherFloor?()
        let pairs = (0..<benchmark.rounds).map { _ in
            (
                time(benchmark.subject, benchmark.clock),
                max(time(benchmark.floor, benchmark.clock), time(benchmark.otherFloor ?? {}, benchmark.clock))
            )
        }
        let units = Double(benchmark.units)
        subject = median(pairs.map { $0.0 / units })
        floor = median(pairs.map { $0.1 / units })
        ratio = median(pairs.map { $0.0 / $0.1 })
        allocations = Double(EngineCounters.allocations(in: benchmark.subject)) / units
    }
}

/// The middle one; of an even number the higher of the two in the middle.
func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
}

/// Nanoseconds that `work` takes.
func time(_ work: () -> Void, _ clock: BenchmarkCase.Clock) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(clock == .wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
    let start = now()
    work()
    return now() - start
}
