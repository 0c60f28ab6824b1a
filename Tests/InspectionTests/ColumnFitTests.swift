import Testing

@testable import Inspection

/// Tables that are wider than the terminal.
struct ColumnFitTests {
    private let columns = ["id", "optimizer", "beta1", "momentum", "data.source", "state", "final_loss"]
    private let cells = [
        ["1", "sgd", "", "0.9", "a/long/path.csv", "done", "0.00334"],
        ["2", "adam", "0.9", "", "a/long/path.csv", "done", "0.00335"],
        ["3", "sgd", "", "0.5", "a/long/path.csv", "done", "0.00336"],
    ]

    @Test
    func `what fits stays whole`() {
        #expect(ColumnFit(columns: columns, cells: cells, width: 80).kept == Array(0..<7))
    }

    @Test(arguments: [
        (65, [0, 1, 3, 4, 5, 6]), (58, [0, 1, 4, 5, 6]), (48, [0, 1, 5, 6]), (24, [0, 5, 6]), (14, [0, 6]), (1, [0]),
    ])
    func `columns with the fewest values go first, and those that everybody needs last`(width: Int, kept: [Int]) {
        #expect(ColumnFit(columns: columns, cells: cells, width: width).kept == kept)
    }
}
