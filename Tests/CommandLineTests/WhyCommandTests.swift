import Foundation
import TestSupport
import Testing

/// `gradbook why` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct WhyCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("run", "--batch-size", "full", "--lr", "0.889", "--steps", "50")
    }

    @Test
    func `the cause comes first, then each claim with a query that can be pasted`() throws {
        let invocation = try scratch.gradbook("why", "last")
        let output = invocation.sentences

        #expect(
            output.hasPrefix(
                "run 1: LR-UNSTABLE\nthe learning rate 0.889 is above 0.888103, the edge of gradient descent"))
        #expect(
            output.contains(
                "\nedge: lr * largest curvature is 2.002, 0.10 % above 2.000, the edge of gradient descent WITH"))
        let queries = invocation.output.split(separator: "\n\n").compactMap { paragraph in
            paragraph.firstRange(of: #/\n    (SELECT|WITH)\b/#).map { paragraph[$0.lowerBound...] }
        }
        #expect(queries.count > 4 && queries.contains { $0.contains("\n      ") })
        for query in queries { #expect(try !scratch.sqlite3(String(query)).isEmpty, "\(query)") }
    }

    @Test(arguments: [
        ("csv", "run,subject,cause,value,reference,sentence,query\n1,cause,LR-UNSTABLE,,,"),
        ("json", #"[\#n{"run":1,"subject":"cause","cause":"LR-UNSTABLE","value":null,"#),
        ("jsonl", #"{"run":1,"subject":"cause","cause":"LR-UNSTABLE","value":null,"#),
        ("markdown", "| run | subject | cause | value | reference | sentence | query |\n"),
    ])
    func `a program gets one row per claim in every format`(format: String, beginning: String) throws {
        let invocation = try scratch.gradbook("why", "1", "--format", format)

        #expect(invocation.exitCode == 0)
        #expect(invocation.output.hasPrefix(beginning), "\(invocation.output)")
    }

    @Test
    func `a gradient that is not that of the data is a fault of the program or of the file`() throws {
        try scratch.sqlite3("UPDATE quadratic_steps SET grad_b = grad_b * 1.001 WHERE step = 7")

        #expect(try scratch.gradbook("why", "1").output.hasPrefix("run 1: BUG\n"))
    }

    @Test(arguments: [(["why", "nobody"], "'nobody'", 1), (["why"], "run", 64)])
    func `a mistake is answered with one sentence that names it`(arguments: [String], name: String, code: Int32) throws
    {
        let invocation = try scratch.gradbook(arguments)

        #expect(invocation.exitCode == code && invocation.output.isEmpty)
        #expect(invocation.error.contains(name), "\(invocation.error)")
    }
}
