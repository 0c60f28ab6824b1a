import Foundation
import TestSupport
import Testing

/// What a disk, a lock or somebody else's file can do to a notebook: a sentence, nothing lost, nothing called done that
/// is not.
@Suite(.timeLimit(.minutes(5)))
struct FaultTests {
    private let scratch: Scratch
    private let before: NotebookContent

    /// A notebook with one run of 30 steps.
    init() throws {
        scratch = try Scratch()
        try scratch.gradbook("run", "--steps", "30")
        before = try scratch.notebookContent()
    }

    @Test(.enabled(if: Isolation.canMount, "mounting needs root or user namespaces"))
    func `a full disk ends a run with a sentence, and the run resumes when there is room again`() throws {
        let undisturbed = try Scratch()
        try undisturbed.gradbook("run", "--steps", "30000", "--gradients", "manual")

        let story = try scratch.isolated(
            """
            mkdir disk; mount -t tmpfs -o size=2000k tmpfs disk; cd disk
            $PROGRAM run --steps 30000 --gradients manual; echo "exit $?"
            sqlite3 -readonly gradbook.db "PRAGMA integrity_check; SELECT state FROM runs"
            sqlite3 -readonly gradbook.db "SELECT count(*) = max(step) + 1 FROM quadratic_steps"
            $PROGRAM runs --columns state --format csv | tr -d '\\r'
            mount -o remount,size=40m .
            $PROGRAM run --resume 1 >../resumed.txt; echo "exit $?"
            cp gradbook.db ..
            """)

        #expect(story.output == "exit 1\nok\nrunning\n1\nstate\ninterrupted\nexit 0\n", "\(story)")
        #expect(
            story.error
                == "gradbook: 'gradbook.db' cannot grow: the disk is full; everything committed before is safe\n")
        #expect(try scratch.notebookContent().firstDifference(from: undisturbed.notebookContent()) == nil)
    }

    @Test(.enabled(if: Isolation.canMount, "mounting needs root or user namespaces"))
    func `on a disk that cannot be written a notebook can be read`() throws {
        let story = try scratch.isolated(
            """
            mkdir disk; mount -t tmpfs tmpfs disk; cp gradbook.db disk; mount -o remount,ro disk; cd disk
            $PROGRAM run --steps 5; echo "exit $?"
            $PROGRAM run --steps 5 --db new.db; echo "exit $?"
            $PROGRAM runs --columns id --format csv | tr -d '\\r'
            ls
            """)

        #expect(story.output == "exit 1\nexit 1\nid\n1\ngradbook.db\n", "\(story)")
        #expect(
            story.error == """
                gradbook: 'gradbook.db' cannot be opened; check the permissions of the file and its folder
                gradbook: 'new.db' cannot be opened; check the permissions of the file and its folder

                """)
    }

    @Test(
        .enabled(if: Isolation.canDropRights, "as root, permissions do not bind, and there is no setpriv"),
        arguments: [
            (change: "chmod 444 gradbook.db", says: "cannot be written; check the permissions"),
            (change: "chmod 555 .", says: "cannot be written; check the permissions"),
            (change: "chmod 000 gradbook.db", says: "cannot be opened; check the permissions"),
        ])
    func `without the right to write, nothing is changed`(change: String, says: String) throws {
        let story = try scratch.withoutRights("\(change); $PROGRAM run --steps 5; echo \"exit $?\"; chmod 755 .")

        #expect(story.output == "exit 1\n", "\(story)")
        #expect(story.error.hasPrefix("gradbook: 'gradbook.db' \(says)"), "\(story)")
        #expect(story.error.split(separator: "\n").count == 1)
        #expect(try scratch.notebookContent() == before)
    }

    @Test(.enabled(if: Isolation.canDropRights, "as root, permissions do not bind, and there is no setpriv"))
    func `a log that cannot be written is named, and what it holds is kept`() throws {
        let died = try scratch.kill(
            ["run", "--steps", "2000000", "--gradients", "manual"],
            when: "SELECT 1 FROM quadratic_steps WHERE run_id = 2 LIMIT 1")
        try #require(died)
        // The last program that closes the file would empty the log, so a copy is asked.
        _ = try scratch.shell("cp gradbook.db copy.db; cp gradbook.db-wal copy.db-wal")
        let rows = try scratch.sqlite3("SELECT count(*) FROM quadratic_steps", in: "copy.db")

        let story = try scratch.withoutRights(
            "chmod 444 gradbook.db-wal; $PROGRAM run --steps 5; echo \"exit $?\"; chmod 644 gradbook.db-wal")

        #expect(story.output == "exit 1\n")
        #expect(
            story.error
                == "gradbook: 'gradbook.db' cannot be used because of the file 'gradbook.db-wal' beside it, which cannot be "
                + "written; check its permissions, and move it away only if it is no file of SQLite's\n")
        #expect(try scratch.sqlite3("SELECT count(*) FROM quadratic_steps") == rows)
    }

    @Test
    func `something else in the place of the log is named`() throws {
        _ = try scratch.shell("mkdir gradbook.db-wal")

        let invocation = try scratch.gradbook("run", "--steps", "5")

        #expect(invocation.exitCode == 1)
        #expect(
            invocation.error
                == "gradbook: 'gradbook.db' cannot be used: 'gradbook.db-wal' is a directory, where SQLite keeps a file of its "
                + "own; move it away\n")
    }

    @Test(arguments: [100, 4096, 8192, 20_000, 90_000])
    func `a truncated notebook is called damaged, and stays as it is`(length: Int) throws {
        _ = try scratch.shell("truncate -s \(length) gradbook.db")
        let left = try scratch.contents()

        for command in [["run", "--steps", "5"], ["runs"], ["doctor"], ["report", "s"]] {
            let invocation = try scratch.gradbook(command)
            #expect(invocation.exitCode == 1, "\(command)")
            #expect(invocation.error.contains("'gradbook.db' is damaged"), "\(command): \(invocation.error)")
        }
        #expect(try scratch.contents()["gradbook.db"] == left["gradbook.db"])
    }

    @Test
    func `a symbolic link is the file it leads to`() throws {
        _ = try scratch.shell("mkdir there; mv gradbook.db there; ln -s there/gradbook.db gradbook.db; ln -s loop loop")

        #expect(try scratch.gradbook("run", "--steps", "5").output.hasPrefix("run 2:"))
        #expect(try scratch.gradbook("runs", "--db", "there/gradbook.db", "--columns", "id").output.contains("2"))
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: scratch.file("gradbook.db").path).hasPrefix(
                "there"))
        let loop = try scratch.gradbook("run", "--steps", "5", "--db", "loop")
        #expect(loop.exitCode == 1)
        #expect(
            loop.error
                == "gradbook: 'loop' cannot be looked at: too many levels of symbolic links\n")
    }

    @Test
    func `a lock that another program holds is waited for`() throws {
        let seconds = TestTier.isLong ? 20 : 1

        let story = try scratch.locked(for: seconds, "run --steps 5")

        #expect(story.output.hasPrefix("run 2: done after 5 steps\n"), "\(story)")
        #expect(story.error.isEmpty != TestTier.isLong)
        #expect(story.error.isEmpty || story.error.hasPrefix("gradbook: waiting for process "), "\(story)")
    }

    @Test(.enabled(if: TestTier.isLong, "takes 40 seconds; set GRADBOOK_LONG=1"))
    func `a lock that is held for more than 30 seconds is named`() throws {
        let story = try scratch.locked(for: 40, "run --steps 5")

        #expect(
            story.error.hasSuffix(
                ", which did not release it in 30 s; try again when it has finished writing\n"), "\(story)")
        #expect(story.error.contains("gradbook: 'gradbook.db' is locked by process "), "\(story)")
        #expect(try scratch.notebookContent() == before)
    }
}

/// What these tests need of the machine.
private enum Isolation {
    /// The flags of `unshare` with which a file system can be mounted that nobody else sees.
    static let flags = ["-m", "-rm"].first { flags in
        succeeds("unshare \(flags) sh -c 'mount -t tmpfs tmpfs /tmp'")
    }

    static var canMount: Bool { flags != nil }

    /// Without them root could write everything.
    static let dropping = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""

    static let canDropRights = getuid() != 0 || succeeds("\(dropping) true")

    private static func succeeds(_ line: String) -> Bool {
        (try? Scratch().shell(line).exitCode == 0) ?? false
    }
}

extension Scratch {
    /// Runs a script with file systems of its own, which are gone with it; `$PROGRAM` is gradbook.
    fileprivate func isolated(_ script: String) throws -> Invocation {
        try write(script, to: "script.sh")
        return try shell("PROGRAM='\(TestedProgram.file.path)' unshare \(Isolation.flags ?? "") sh script.sh")
    }

    /// Runs a script as somebody who owns this folder and has no other rights; `$PROGRAM` is gradbook.
    fileprivate func withoutRights(_ script: String) throws -> Invocation {
        // Somebody else need not be able to reach the program where it was built.
        _ = try shell("mkdir own; cp gradbook.db* '\(TestedProgram.file.path)' own; chmod -R a+rX .")
        if getuid() == 0 { _ = try shell("chown -R 65534:65534 own") }
        try write("cd own; PROGRAM=./gradbook; \(script)", to: "script.sh")
        // A program that counts its lines would say that it cannot keep them.
        let story = try shell("LLVM_PROFILE_FILE=/dev/null \(Isolation.dropping) sh script.sh")
        _ = try shell("rm gradbook.db*; chmod 644 own/gradbook.db; cp own/gradbook.db* .")
        return story
    }

    /// Runs the program while another one holds the lock for some seconds.
    fileprivate func locked(for seconds: Int, _ arguments: String) throws -> Invocation {
        try shell(
            """
            printf 'BEGIN IMMEDIATE;\\n.shell touch locked; sleep \(seconds)\\nCOMMIT;\\n' | sqlite3 gradbook.db &
            while [ ! -e locked ]; do sleep 0.01; done
            '\(TestedProgram.file.path)' \(arguments)
            """)
    }
}
