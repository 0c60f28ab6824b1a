@testable import TextFormats

/// Reads two columns of a file that is called `t.csv`.
func readCSV(
    _ text: String, _ names: [String] = ["x", "y"], _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> CSVColumns {
    try readCSV(Array(text.utf8), names, change)
}

func readCSV(
    _ bytes: [UInt8], _ names: [String] = ["x", "y"], _ change: (inout CSVOptions) -> Void = { _ in }
) throws -> CSVColumns {
    var options = CSVOptions()
    change(&options)
    return try CSVColumns(names, of: bytes, name: "t.csv", options: options)
}
