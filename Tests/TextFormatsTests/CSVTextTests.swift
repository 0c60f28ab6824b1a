import TestSupport
import Testing

@testable import TextFormats

struct CSVTextTests {
    @Test(arguments: [
        "plain", "a,b", "say \"hi\"", "two\nlines", "two\r\nlines", "\"", ",", "", "=1+1", "| <script>", "größer",
    ])
    func `any text reads back`(text: String) {
        var csv = CSVText(columns: ["name", "other"])
        csv.append(text)
        csv.append("x")
        csv.endRow()

        #expect(CSVReader.rows(csv.bytes) == [["name", "other"], [text, "x"]])
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `any double reads back to the same bits`(seed: UInt64) {
        var bits = SplitMix(seed: seed)
        var values: [Double] = [0.1, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e22, 123_456_789]
        while values.count < 2000 {
            let value = Double(bitPattern: bits.next())
            if value.isFinite { values.append(value) }
        }
        var csv = CSVText(columns: ["value"])
        for value in values {
            csv.append(value)
            csv.endRow()
        }

        let read = CSVReader.rows(csv.bytes).dropFirst().compactMap { Double($0[0])?.bitPattern }
        #expect(read == values.map(\.bitPattern))
    }

    @Test(arguments: [nil, .nan, .infinity, -.infinity] as [Double?])
    func `what is no number is an empty field`(value: Double?) {
        var csv = CSVText(columns: ["value"])
        csv.append(value)
        csv.endRow()

        #expect(csv.bytes == Array("value\n\n".utf8))
    }

    @Test
    func `a row of another length is a mistake of the program`() async {
        await #expect(processExitsWith: .failure) {
            var csv = CSVText(columns: ["a", "b"])
            csv.append("only one")
            csv.endRow()
        }
    }
}
