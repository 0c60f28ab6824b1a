import Foundation
import TestSupport
import Testing

/// The examples in the help of every command, typed as they stand.
@Suite(.timeLimit(.minutes(5)))
struct HelpExampleTests {
    /// The demo's two sweeps with fewer seeds, the second one on a file, and a run of another notebook.
    private static let made = Result { () throws -> Scratch in
        let scratch = try Scratch()
        let cars = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../reports/data/cars.csv").standardized
        let data = scratch.folder.appending(path: "reports/data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: cars, to: data.appending(path: "cars.csv"))
        let flags = [
            "--optimizer", "sgd,adam,rmsprop", "--set", "momentum=0,0.9 if optimizer=sgd", "--lr", "0.01,0.1,2",
            "--batch-size", "full", "--seeds", "1..2",
        ]
        try scratch.run(all: [
            ["sweep", "chapter"] + flags,
            ["sweep", "cars", "--data", "reports/data/cars.csv", "--x", "speed", "--y", "dist", "--scale", "normalize"]
                + flags,
            ["run", "--steps", "5", "--db", "other.db"],
        ])
        try record(in: scratch)
        return scratch
    }

    /// A run of another program, which is the last one, and the files that examples name.
    private static func record(in scratch: Scratch) throws {
        let program = try TestedProgram.file.path
        _ = try scratch.shell(
            #"""
            mkdir bin; ln -s "$(command -v python3)" bin/python
            printf 'print("step 1 loss 0.25")\n' >train.py
            printf '#!/bin/sh\necho "step 1 loss 0.25"\n' >train.sh; chmod +x train.sh
            ./train.sh >train.log
            printf '{"@spool":{"run":"%032d"}}\n{"step":1,"loss":0.5}\n' 7 >gradbook-spool-3f.jsonl
            printf '{"step":1,"loss":0.5,"val/acc":0.95,"val/loss":0.5}\n' | '\#(program)' log --set lr=0.05 --quiet
            """#)
    }

    private static let entries = (try? CommandTree.entries.get()) ?? []

    @Test
    func `every command has two examples, whose lines need not be broken`() throws {
        #expect(try CommandTree.entries.get().count > 35)
        for entry in try CommandTree.entries.get() {
            #expect(entry.isGroup || entry.command.examples.count >= 2, "\(entry.name)")
            let lines = entry.command.discussion?.split(separator: "\n") ?? []
            #expect(!lines.contains { $0.hasPrefix("  ") && $0.count > 80 }, "\(entry.name)")
        }
    }

    @Test(arguments: Self.entries.map(\.name))
    func `the examples of a command work one after another`(name: String) throws {
        let entry = try #require(Self.entries.first { $0.name == name })
        let program = try TestedProgram.file.deletingLastPathComponent().path

        let scratch = try Scratch(copyOf: Self.made.get())
        for example in entry.command.examples {
            let invocation = try scratch.shell("PATH='\(program)':$PWD/bin:$PATH; \(example)")
            let codes: [Int32] = name == "judge" ? [0, 1, 2] : name == "diff" ? [0, 1] : [0]
            #expect(codes.contains(invocation.exitCode), "\(example): \(invocation.error)")
            // What diverges and what finds nothing is told, and is no error.
            let errors = invocation.error.split(separator: "\n").filter { line in
                line.hasPrefix("gradbook: ")
                    && ![
                        "above the edge", "no run here has", "no run matches", " shows it", "hold metrics",
                        "holds metrics",
                    ].contains { line.contains($0) }
            }
            #expect(errors.isEmpty, "\(example): \(invocation.error)")
        }
    }
}
