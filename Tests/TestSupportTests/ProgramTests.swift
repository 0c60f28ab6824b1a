import Foundation
import TestSupport
import Testing

/// The process runner of the tests, on programs that do what a broken one would do.
struct ProgramTests {
    @Test
    func `output, error and status are told apart`() throws {
        let invocation = try Program.shell.run(["-c", "echo out; echo err >&2; exit 3"])

        #expect(invocation.output == "out\n")
        #expect(invocation.error == "err\n")
        #expect(invocation.exitCode == 3)
    }

    @Test
    func `a program that a signal ends did not succeed`() throws {
        #expect(try Program.shell.run(["-c", "kill -9 $$"]).exitCode == 128 + 9)
    }

    @Test
    func `much output on both streams blocks nobody`() throws {
        let invocation = try Program.shell.run(["-c", "head -c 1000000 /dev/zero | tee /dev/stderr"])

        #expect(invocation.outputBytes.count == 1_000_000)
        #expect(invocation.error.utf8.count == 1_000_000)
    }

    @Test
    func `input is read to its end, and none is empty`() throws {
        #expect(try Program.shell.run(["-c", "cat"], input: Data("a\nb".utf8)).output == "a\nb")
        #expect(try Program.shell.run(["-c", "cat"]).outputBytes.isEmpty)
    }

    @Test
    func `the environment has what the test adds, and no notebook of the user's`() throws {
        let command = ["-c", "echo \"$ADDED,${GRADBOOK_DB-none}\""]

        #expect(try Program.shell.run(command, environment: ["ADDED": "1"]).output == "1,none\n")
        #expect(try Program.shell.run(command, environment: ["GRADBOOK_DB": "x.db"]).output == ",x.db\n")
    }

    @Test
    func `a program runs in the folder it is given`() throws {
        let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()

        #expect(try Program.shell.run(["-c", "pwd -P"], in: folder).output == folder.path + "\n")
    }

    @Test
    func `output can go where the caller says`() throws {
        let pipe = Pipe()

        let invocation = try Program.shell.run(["-c", "echo here"], output: pipe.fileHandleForWriting)

        #expect(invocation.outputBytes.isEmpty)
        #expect(String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self) == "here\n")
    }

    @Test
    func `a program that is not there is an error, and has no name`() {
        #expect(throws: (any Error).self) { try Program(URL(filePath: "/nowhere/program")).run([]) }
        #expect(Program.named("no-such-program") == nil)
    }

    @Test
    func `a started program is not waited for`() throws {
        let pipe = Pipe()
        let process = try Program.shell.start(["-c", "read line; exit 7"], input: pipe)

        #expect(process.isRunning)
        try pipe.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
        process.waitUntilExit()
        #expect(process.exitCode == 7)
    }
}
