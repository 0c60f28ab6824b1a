import Foundation
import TestSupport
import Testing

/// What is shown of runs on a person's own file: its name, its units, and what was said of runs and sweeps.
@Suite(.timeLimit(.minutes(5)))
struct OwnDataCommandTests {
    private let scratch: Scratch
    private static let data = ["--x", "speed", "--y", "dist", "--scale", "normalize", "--steps", "30"]

    /// Runs 1 and 2 are a sweep on cars.csv, run 3 is on trucks.csv, and run 4 on the chapter's data.
    init() throws {
        scratch = try Scratch()
        let rows = "speed,dist\n4,2\n7,4\n8,16\n9,10\n10,18\n11,17\n"
        try scratch.write(rows, to: "cars.csv")
        try scratch.write(rows + "12,24\n", to: "trucks.csv")
        try scratch.gradbook(
            ["sweep", "cars", "--data", "cars.csv", "--lr", "0.1,0.2", "--seeds", "1", "--batch-size", "full"]
                + Self.data)
        try scratch.gradbook(["run", "--data", "trucks.csv", "--tag", "keep", "--batch-size", "full"] + Self.data)
        try scratch.gradbook("run", "--name", "chapter one", "--steps", "30")
        try scratch.gradbook("note", "3", "looks *right*")
        try scratch.gradbook("note", "--sweep", "cars", "repeat it")
    }

    @Test
    func `a page has the file, its units, the sweep and all notes`() throws {
        let (first, third) = (try scratch.gradbook("show", "1").output, try scratch.gradbook("show", "3").output)
        let chapter = try scratch.gradbook("show", "4").output
        let original = try scratch.gradbook(
            "runs", "id=1", "--columns", "w_in_original_units,b_in_original_units", "--format", "csv"
        ).output.components(separatedBy: CharacterSet(charactersIn: "\r\n,")).filter { Double($0) != nil }

        #expect(first.contains("\nof the sweep cars\n") && first.contains("\ndata: cars.csv, dist against speed\n"))
        #expect(first.contains(" note on the sweep: repeat it\n") && third.contains(" note: looks *right*\n"))
        #expect(original.count == 2 && original.allSatisfy(first.contains), "\(first)\(original)")
        #expect(first.contains("in the data's own units"))
        #expect(!chapter.contains("data:") && !chapter.contains("own units") && !chapter.contains("sweep"))
        let json = try scratch.gradbook("show", "1", "--format", "json").output
        #expect(json.contains(#""data_file":"cars.csv""#) && json.contains(#""sweep_notes":"repeat it""#))
        #expect(json.contains(#""final_w_in_original_units":\#(original[0])"#))
    }

    @Test(arguments: [["run"], ["sweep", "again", "--lr", "0.1,0.2", "--seeds", "1"]])
    func `data that are here under another name are said to be`(command: [String]) throws {
        let arguments = command + ["--data", "copy.csv", "--batch-size", "full"] + Self.data
        _ = try scratch.shell("cp cars.csv copy.csv")
        let copied = try scratch.gradbook(arguments)
        let other = try scratch.gradbook(arguments + ["--db", "other.db"])

        #expect(
            copied.error.contains("the notebook has these data as 'cars.csv', and shows them by that name"),
            "\(copied.error)")
        #expect(other.exitCode == 0 && !other.error.contains("has these data"), "\(other.error)")
        let listed = try scratch.gradbook(["runs", "data_file=cars.csv"], environment: ["COLUMNS": "80"])
        #expect(listed.output.contains("data_file=cars.csv") && !listed.output.contains("content_hash"))
    }

    @Test
    func `own units and excess are those that run and compare print`() throws {
        let printed = try scratch.gradbook(
            ["run", "--data", "cars.csv", "--lr", "0.3", "--format", "csv", "--batch-size", "full"] + Self.data
        ).output
        let listed = try scratch.gradbook(
            "runs", "id=5", "--columns", "w_in_original_units,b_in_original_units,final_excess", "--format", "csv"
        ).output.components(separatedBy: "\n")[1].split(separator: ",").map(String.init)
        let compared = try scratch.gradbook("compare", "4", "5", "--format", "csv").output
        let excesses = try scratch.gradbook("runs", "id=4..5", "--columns", "final_excess", "--format", "csv").output
            .components(separatedBy: "\n")[1...2].joined(separator: ",")

        #expect(listed.count == 3 && printed.contains(",\(listed[0]),\(listed[1])"), "\(printed) \(listed)")
        #expect(compared.contains("metric,final_excess,\(excesses),"), "\(compared)")
        #expect(compared.contains("metric,w_in_original_units,,\(listed[0]),"), "\(compared)")
    }

    @Test
    func `file and tag are listed where runs differ in them, and when they are asked for`() throws {
        let all = try scratch.gradbook("runs", "--format", "csv").output
        let sweep = try scratch.gradbook("runs", "sweep=cars", "--format", "csv").output
        let asked = try scratch.gradbook(
            "runs", "data_file=~/^cars/ or note~right", "--columns", "id,data_file,tag,note,sweep_note", "--format",
            "csv"
        ).output

        #expect(all.hasPrefix("id,name,sweep,data_file,tag,"), "\(all)")
        #expect(!sweep.contains("data_file") && !sweep.contains("tag"))
        #expect(
            asked == """
                id,data_file,tag,note,sweep_note
                1,cars.csv,,,repeat it
                2,cars.csv,,,repeat it
                3,trucks.csv,keep,looks *right*,

                """)
    }

    @Test
    func `a comparison says where runs are from and what was said of them`() throws {
        let csv = try scratch.gradbook("compare", "1", "3", "--format", "csv").output
        let table = try scratch.gradbook(["compare", "1", "3"], environment: ["COLUMNS": "80"]).output
        let seeds = try scratch.gradbook("compare", "1", "2", "--format", "csv").output

        for line in [
            "about,sweep,cars,,", "about,data_file,cars.csv,trucks.csv,", "about,tags,,keep,",
            "about,notes,,looks *right*,", "about,sweep_notes,repeat it,,",
        ] {
            #expect(csv.contains(line), "\(csv)")
        }
        #expect(table.contains("data_file") && table.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(!seeds.contains("about,sweep,") && seeds.contains("about,data_file,cars.csv,cars.csv,"))
    }

    @Test
    func `a report says which files its commands need again`() throws {
        try scratch.gradbook("report", "cars", "--out", "files")
        try scratch.gradbook("report", "4", "--out", "none")

        let sentence = "needs the same text again"
        #expect(try scratch.text(of: "files/report.md").contains(sentence))
        #expect(try !scratch.text(of: "none/report.md").contains(sentence))
    }

    @Test
    func `a report has the notes and tags at its head`() throws {
        try scratch.gradbook("report", "cars", "--out", "r", "--format", "markdown,csv,html")
        try scratch.gradbook("report", "3", "4", "--out", "both", "--reproducible")
        let text = try scratch.text(of: "r/report.md")
        let both = try scratch.text(of: "both/report.md")
        let head = try #require(text.components(separatedBy: "## Verdict").first)

        #expect(head.contains(#/- Note on the sweep cars \(\d{4}-\d\d-\d\d\): repeat it\n/#), "\(head)")
        #expect(both.contains("- Note on run 3: looks \\*right\\*\n- Tag keep: run 3\n"), "\(both.prefix(900))")
        #expect(text.contains("dist against speed of cars.csv, scaled"))
        #expect(try scratch.gradbook("report", "--check", "r").exitCode == 0)
        try scratch.gradbook("note", "--sweep", "cars", "again")
        #expect(try scratch.gradbook("report", "--check", "r").exitCode == 1)
    }
}
