import Testing

@testable import Experiments

/// Reading data files.
struct CSVTableTests {
    @Test(arguments: [
        "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "\u{FEFF}a,b\n1,2\n3,4\n", "\"a\",\"b\"\n\"1\",2\n3,\"4\"\n",
        "a , b\n 1,2 \n\n3,4\n\n",
    ])
    func `a column's numbers are the same however the file is dressed`(_ text: String) throws {
        let table = try CSVTable(text, name: "t.csv")

        #expect(try table.numbers(in: "a") == [1, 3])
        #expect(try table.numbers(in: "b") == [2, 4])
    }

    @Test
    func `quotes keep commas, quotes and line ends inside a field`() throws {
        let table = try CSVTable("\"the \"\"x\"\", in m\",\"two\nlines\"\n1,2\n", name: "t.csv")

        #expect(table.header == ["the \"x\", in m", "two\nlines"])
        #expect(table.rows.map(\.line) == [3])
    }
}
