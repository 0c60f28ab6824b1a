import Testing

@testable import gradbook

/// The line that says how far a command is.
struct ProgressBarTests {
    private typealias Standing = ProgressBar.Standing

    private static let sweep = Standing(
        runsDone: 72, runsPlanned: 180, stepsDone: 36_000, stepsPlanned: 90_000, bestLoss: 0.0033391906, lastLoss: 0.41)

    @Test
    func `it says how far the work is, what is left, and the best and the last loss`() {
        #expect(
            ProgressBar.line(Self.sweep, seconds: 2, width: 120)
                == "[########------------]  40 %  72/180 runs  3 s left  best 0.00334  last 0.410  18000 steps/s")
    }

    @Test(arguments: [10, 20, 40, 60, 79, 80, 100, 1000])
    func `it leaves the last column free and cuts no number`(width: Int) {
        let whole = ProgressBar.line(Self.sweep, seconds: 2, width: 1000)
        let line = ProgressBar.line(Self.sweep, seconds: 2, width: width)

        #expect(line.count < width)
        let parts = line.split(separator: "  ").dropFirst().map { $0.trimmingPrefix(" ") }
        #expect(parts.allSatisfy { whole.contains($0) }, "\(line)")
    }

    @Test
    func `losses that nobody knows are left out`() {
        var standing = Self.sweep
        (standing.bestLoss, standing.lastLoss) = (.nan, .infinity)

        let line = ProgressBar.line(standing, seconds: 2, width: 120)
        #expect(!line.contains("best") && line.contains("last inf"))
        #expect(!ProgressBar.line(Standing(runsPlanned: 1), seconds: 0, width: 80).contains("loss"))
    }

    @Test
    func `steps that are not made any more count as done`() {
        let standing = Standing(runsDone: 1, runsPlanned: 2, stepsDone: 100, stepsPlanned: 1000, stepsSpared: 400)

        #expect(
            ProgressBar.line(standing, seconds: 1, width: 120).hasPrefix(
                "[##########----------]  50 %  1/2 runs  5 s left"))
    }

    @Test
    func `nothing goes back`() {
        let earlier = Standing(runsDone: 5, runsPlanned: 9, stepsDone: 500, stepsPlanned: 900, stepsSpared: 10)
        let again = Standing(
            runsDone: 3, runsPlanned: 9, stepsDone: 300, stepsPlanned: 900, stepsSpared: 0, lastLoss: 2
        )
        .notBelow(earlier)

        #expect(again.runsDone == 5 && again.stepsDone == 500 && again.stepsSpared == 10)
        #expect(again.lastLoss == 2)
    }
}
