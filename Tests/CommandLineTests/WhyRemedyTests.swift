import Foundation
import TestSupport
import Testing

/// The last line of `gradbook why`: what to do, to be pasted.
@Suite(.timeLimit(.minutes(5)))
struct WhyRemedyTests {
    @Test
    func `the remedy of a run that diverged is a command for the same notebook that can be pasted`() throws {
        let scratch = try Scratch()
        let run = try scratch.gradbook("run", "--db", "a b.db", "--batch-size", "full", "--lr", "5")
        #expect(run.error.hasSuffix("\ngradbook why 1 --db 'a b.db' says why\n"), "\(run.error)")

        let why = try scratch.gradbook("why", "1", "--db", "a b.db", "--brief")
        let lines = why.output.split(separator: "\n").map(String.init)

        #expect(!why.output.contains("SELECT"))
        #expect(why.output.contains("\nremedy: below the edge"), "\(why.output)")
        let last = try #require(lines.last).trimmingCharacters(in: .whitespaces)
        #expect(last.hasPrefix("gradbook fork 1 lr=0.44 --at "))
        let pasted = try scratch.shell(
            last.replacing("gradbook", with: "'\(try TestedProgram.file.path)'", maxReplacements: 1))
        #expect(pasted.output.hasPrefix("run 2: done after"), "\(pasted.output)\(pasted.error)")
    }

    @Test(arguments: [
        (["--set", "weight_decay=1"], "weight_decay=0"), (["--set", "maximize=true"], "maximize=false"),
        (["--lr", "3", "--set", "momentum=0.99"], "batch_size=full"),
        (["--stop-when", "excess=1e-3"], "stop_when=none"),
    ])
    func `a remedy that is pasted ends lower`(settings: [String], change: String) throws {
        let scratch = try Scratch()
        try scratch.gradbook(["run"] + settings)
        let why = try scratch.gradbook("why", "1", "--brief").output
        let last = try #require(why.split(separator: "\n").last).trimmingCharacters(in: .whitespaces)
        #expect(last.hasPrefix("gradbook fork 1 ") && last.contains(change), "\(why)")

        let pasted = try scratch.shell(
            last.replacing("gradbook", with: "'\(try TestedProgram.file.path)'", maxReplacements: 1))
        #expect(pasted.output.hasPrefix("run 2: done"), "\(pasted.output)\(pasted.error)")
        let excesses = try scratch.gradbook("runs", "--columns", "final_excess", "--format", "csv").output
            .split(separator: "\n").compactMap { Double($0) }
        #expect(excesses.count == 2 && excesses[1] < excesses[0], "\(excesses)")
    }

    @Test
    func `every query gives its value in the sqlite3 shell`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(
            "run", "--batch-size", "5", "--lr", "0.8", "--steps", "60", "--loss", "half-sum", "--sampling", "iid")
        try scratch.gradbook("run", "--batch-size", "full", "--lr", "0.88", "--steps", "60", "--loss", "half-mean")

        for id in ["1", "2"] {
            let json = Data(try scratch.gradbook("why", id, "--format", "json").output.utf8)
            let rows = try #require(try JSONSerialization.jsonObject(with: json) as? [[String: Any]])
            #expect(rows.last?["subject"] as? String == "remedy")
            for row in rows {
                guard let query = row["query"] as? String, let value = row["value"] as? Double else { continue }
                let shown = try #require(Double(try scratch.sqlite3("\(query)").split(separator: "|").first ?? ""))
                #expect(abs(shown - value) <= 1e-6 * abs(value) + 1e-14, "\(query): \(shown), not \(value)")
            }
        }
    }
}
