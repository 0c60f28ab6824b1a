import Foundation
import TestSupport
import Testing

/// Folders and files that somebody else has laid out, and what killed processes leave in them.
@Suite(.timeLimit(.minutes(5)))
struct HostileFoldersTests {
    private let scratch: Scratch
    private static let hash = String(repeating: "0123456789", count: 4)

    init() throws {
        scratch = try Scratch()
    }

    @Test(arguments: [
        ("ref: ../../secret", ""), ("ref: refs/../../../secret", ""), ("ref: /etc/hostname", ""),
        ("ref: refs/heads/link", ""),
        ("ref: refs/linked/x", ""), ("secret words", ""), ("ref: refs/heads/words", ""), ("ref: refs/heads/pipe", ""),
        ("ref: refs/heads/main", hash), (hash, hash), ("ref: refs/heads/packed", hash), ("ref: refs/heads/none", ""),
    ])
    func `only a commit of the repository itself is recorded`(head: String, commit: String) throws {
        let other = String(repeating: "f", count: 40)
        _ = try scratch.shell(
            """
            mkdir -p repo/.git/refs/heads out; echo \(other) >out/x; echo \(other) >secret; cd repo/.git
            printf '%s\\n' '\(head)' >HEAD; echo \(Self.hash) >refs/heads/main; echo secret >refs/heads/words
            ln -s ../../../../secret refs/heads/link; ln -s ../../../out refs/linked; mkfifo refs/heads/pipe
            printf '# pack-refs\\n\(Self.hash) refs/heads/packed\\n' >packed-refs
            """)

        #expect(try recordedCommit(in: "repo") == commit)
    }

    @Test(arguments: [
        "mkfifo .git/HEAD", "rm -r .git; mkfifo .git", "rm -r .git; ln -s /dev/zero .git", "ln -s /dev/zero .git/HEAD",
    ])
    func `nothing in the place of a repository keeps a run waiting`(change: String) throws {
        _ = try scratch.shell("mkdir -p repo/.git; cd repo; \(change)")

        #expect(try recordedCommit(in: "repo") == "")
    }

    @Test(.enabled(if: Program.named("git") != nil, "there is no git"))
    func `a work tree and a submodule know their commits, and a file that names any folder does not`() throws {
        let made = try scratch.shell(
            """
            set -e; export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
            git init -q main; cd main; git commit -q --allow-empty -m one; git worktree add -q ../tree; git rev-parse HEAD
            git -c protocol.file.allow=always submodule --quiet add "$PWD" inner
            cd ..; mkdir thief; echo "gitdir: $PWD/main/.git" >thief/.git
            """)
        try #require(made.exitCode == 0, "\(made.error)")
        let commit = made.output.trimmingCharacters(in: .newlines)

        #expect(try recordedCommit(in: "tree") == commit)
        #expect(try recordedCommit(in: "main/inner") == commit)
        #expect(try recordedCommit(in: "thief") == "")
    }

    @Test
    func `copies, shards and plans allow nobody what the notebook does not`() throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1", "--seeds", "1..2", "--steps", "3", "--enqueue-only")
        _ = try scratch.shell("chmod 600 gradbook.db")

        try scratch.gradbook("backup", "copy.db")
        try scratch.gradbook("sweep", "shard", "s", "--index", "0", "--of", "1", "--out", "shard.db")
        try scratch.gradbook("sweep", "resume", "s", "--engine", "slurm", "--tasks", "1")

        let rights = try scratch.shell("stat -c '%a %n' copy.db shard.db s.slurm/1/plan.db").output
        #expect(rights == "600 copy.db\n600 shard.db\n600 s.slurm/1/plan.db\n")
    }

    @Test
    func `a batch script in a folder with a line break in its name runs only what it is for`() throws {
        let name = "a\ntouch PWNED\nb % \"c' $(touch PWNED)"
        try FileManager.default.createDirectory(
            at: scratch.folder.appending(path: name), withIntermediateDirectories: false)
        let folder = scratch.folder.appending(path: name)
        let program = try Program.gradbook
        let made = try program.run(
            ["sweep", "s", "--lr", "0.1", "--seeds", "1..2", "--steps", "3", "--engine", "slurm", "--tasks", "1"],
            in: folder)
        try #require(made.exitCode == 0, "\(made.error)")

        let bash = try #require(Program.named("bash"))
        let array = try bash.run(["s.slurm/1/array.sbatch"], in: folder, environment: ["SLURM_ARRAY_TASK_ID": "0"])
        let merge = try bash.run(["s.slurm/1/merge.sbatch"], in: folder)

        #expect(array.exitCode == 0 && merge.exitCode == 0, "\(array) \(merge)")
        #expect(try scratch.shell("find . -name PWNED").output.isEmpty)
        #expect(try program.run(["sweep", "status", "s"], in: folder).output.contains("2 of 2 runs ended"))
        #expect(try program.run(["doctor"], in: folder).exitCode == 0)
    }

    @Test(arguments: [["--partition", "a\nb"], ["--partition", "a#b"], ["--time", "1 #"], ["--time", "-x"]])
    func `what a batch script cannot hold is refused`(option: [String]) throws {
        let command = [
            "sweep", "s", "--lr", "0.1", "--seeds", "1..2", "--steps", "3", "--engine", "slurm", "--tasks", "1",
        ]
        let invocation = try scratch.gradbook(command + ["\(option[0])=\(option[1])"])

        #expect(invocation.exitCode == 64)
        #expect(invocation.error.contains("as sbatch takes it"))
        #expect(!scratch.contains("gradbook.db"))
    }

    @Test
    func `what a killed process leaves is gone after the next command of its kind`() throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.2", "--seeds", "1..3", "--steps", "10")
        try scratch.gradbook("sweep", "q", "--lr", "0.1", "--seeds", "1..40", "--steps", "300000", "--enqueue-only")
        _ = try scratch.shell("mkdir tmp")
        let temporary = ["TMPDIR": scratch.folder.appending(path: "tmp").path]
        let shard = ["sweep", "shard", "q", "--index", "0", "--of", "40", "--out", "shard.db"]

        let process = try scratch.start(shard, environment: temporary)
        while process.isRunning, try scratch.shell("find tmp -name shard.db").output.isEmpty {}
        try #require(process.isRunning, "the shard was trained before it could be killed")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(try scratch.shell("find tmp -name '.gradbook-work-*'").output.isEmpty == false)

        #expect(try scratch.gradbook(shard, environment: temporary).exitCode == 0)
        #expect(try scratch.shell("ls -A tmp").output == "")
    }

    @Test(arguments: [
        ["report", "s", "--out", "r"], ["backup", "b.db"],
    ])
    func `a limit on file sizes ends a command with one sentence, and nothing is left`(command: [String]) throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.2", "--seeds", "1..3", "--steps", "2000")
        let before = try scratch.shell("ls -A").output
        let quoted = command.map { "'\($0)'" }.joined(separator: " ")
        // In blocks of 512 bytes; what SQLite needs beside the notebook has 32 kB.

        let invocation = try scratch.shell(
            "cp gradbook.db x; ulimit -f 64; '\(TestedProgram.file.path)' \(quoted) 2>&1 | cat; rm x")

        let lines = invocation.output.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("gradbook: "), "\(invocation)")
        #expect(
            lines.first?.contains("a limit on file sizes") == true
                || lines.first?.contains("the limit on file sizes") == true, "\(invocation)")
        #expect(try scratch.shell("ls -A").output == before)
    }

    @Test
    func `a report that was killed is the old one, the new one, or said to be not finished`() throws {
        try scratch.gradbook("sweep", "s", "--lr", "0.1,0.2", "--seeds", "1..3", "--steps", "200")
        let began = ContinuousClock.now
        try scratch.gradbook("report", "s", "--out", "r")
        let duration = ContinuousClock.now - began
        let seed = TestTier.seed
        var random = SplitMix(seed: seed)

        for round in 0..<(TestTier.isLong ? 200 : 12) {
            let process = try scratch.start(["report", "s", "--out", "r", "--every", "\(1 + round % 2)"])
            // Most of the time goes by before the first file has its name, so the end is tried more often.
            let share = 0.5 + 0.6 * Double.random(in: 0..<1, using: &random)
            Thread.sleep(forTimeInterval: duration / .seconds(1) * share)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()

            let check = try scratch.gradbook("report", "--check", "r")
            #expect(
                check.exitCode == 0 || check.sentences.contains("is not finished"),
                "round \(round), seed \(seed): \(check)")
        }
        try scratch.gradbook("report", "s", "--out", "r")
        #expect(try scratch.shell("find . -name '.gradbook*'").output.isEmpty)
    }

    /// What a run in this folder says of the commit; the column is empty for none.
    private func recordedCommit(in folder: String) throws -> String {
        let url = scratch.folder.appending(path: folder)
        let run = try Program.gradbook.run(["run", "--steps", "1", "--db", "n.db"], in: url)
        #expect(run.exitCode == 0, "\(run.error)")
        return try scratch.sqlite3("SELECT git_commit FROM runs", in: "\(folder)/n.db")
    }
}
