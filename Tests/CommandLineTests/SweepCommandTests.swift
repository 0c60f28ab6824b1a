import Foundation
import TestSupport
import Testing

/// `gradbook sweep` as a person uses it.
@Suite(.timeLimit(.minutes(5)))
struct SweepCommandTests {
    @Test
    func `a sweep holds every step of every combination on every seed`() throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(
            "sweep", "demo", "--optimizer", "sgd,adam", "--set", "momentum=0,0.9 if optimizer=sgd", "--lr", "0.01,0.1",
            "--batch-size", "10,full", "--seeds", "1..3", "--steps", "50")

        #expect(invocation.exitCode == 0)
        #expect(invocation.error.contains("12 configurations x 3 seeds: 36 runs, 1800 steps"))
        #expect(try scratch.sqlite3("SELECT count(*), sum(state = 'done') FROM runs") == "36|36")
        #expect(try scratch.sqlite3("SELECT count(*) FROM quadratic_steps") == "1800")
        #expect(try scratch.sqlite3("SELECT count(*), sum(planned), sum(done) FROM leaderboard") == "12|36|36")
        #expect(try scratch.sqlite3("SELECT state FROM sweeps WHERE name = 'demo'") == "done")
    }

    @Test
    func `a diverging configuration ranks behind all others`() throws {
        let scratch = try Scratch()

        try scratch.gradbook("sweep", "demo", "--lr", "5,0.1", "--seeds", "1..4")

        let rows = try scratch.sqlite3("SELECT rank, learning_rate, done, diverged, planned FROM leaderboard")
        #expect(rows == "1|0.1|4|0|4\n|5.0|0|4|4")
    }

    @Test
    func `a plan says what would be done and writes nothing`() throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook("sweep", "demo", "--lr", "log:1e-3:1:4", "--seeds", "1..20", "--dry-run")

        let lines = invocation.output.split(separator: "\n")
        #expect(lines.first == "4 configurations x 20 seeds: 80 runs, 40000 steps")
        #expect(
            lines.suffix(5) == ["  points  4", "    1  lr=0.001", "    2  lr=0.01", "    3  lr=0.1", "    4  lr=1"])
        #expect(try scratch.contents().isEmpty)
    }

    @Test
    func `a name cannot be used twice`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "demo", "--seeds", "1", "--steps", "2")

        let second = try scratch.gradbook("sweep", "demo", "--seeds", "2", "--steps", "2")

        #expect(second.exitCode == 1)
        #expect(second.error.contains("'demo'") && second.error.contains("sweep extend demo --seeds 2"))
        #expect(try scratch.sqlite3("SELECT count(*) FROM runs") == "1")
    }

    @Test
    func `a killed sweep is intact and can be finished`() throws {
        let arguments = [
            "sweep", "demo", "--lr", "0.01,0.1", "--seeds", "1..5", "--steps", "100000", "--gradients", "manual",
        ]
        let numbers = """
            SELECT config, state, steps_done, final_loss,
                (SELECT count(*) || ' ' || printf('%!.17g', sum(loss)) FROM quadratic_steps WHERE run_id = id)
            FROM runs ORDER BY trial_number
            """
        let undisturbed = try Scratch()
        try undisturbed.gradbook(arguments)
        let scratch = try Scratch()

        let died = try scratch.kill(arguments, when: "SELECT run_id FROM quadratic_steps LIMIT 1")
        let check = try scratch.sqlite3("PRAGMA integrity_check")
        let unfinished = try scratch.sqlite3("SELECT count(*) FROM runs WHERE state IN ('queued', 'running')")
        let resumed = try scratch.gradbook("sweep", "resume", "demo")

        #expect(died)
        #expect(check == "ok")
        #expect(unfinished != "0")
        #expect(resumed.exitCode == 0, "\(resumed.error)")
        #expect(try scratch.sqlite3(numbers) == undisturbed.sqlite3(numbers))
    }

    @Test
    func `the leaderboard tells all configurations apart and ranks no failure`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "s", "--set", "momentum=0,0.9", "--lr", "0.1,50", "--batch-size", "100,full", "--seeds", "1..3",
            "--steps", "200")

        let rows = try scratch.sqlite3(
            "SELECT rank, learning_rate, batch_size, settings, done, median_final_loss IS NULL FROM leaderboard")

        // Of a full batch and of one of 100 samples the numbers are the same but for their last digits.
        let lines = rows.split(separator: "\n").map { $0.split(separator: "|", omittingEmptySubsequences: false) }
        #expect(Set(lines.map { [$0[1], $0[2], $0[3]] }).count == 8)
        #expect(Set(lines.map { $0[3] }).count == 4)
        #expect(lines.prefix(4).allSatisfy { $0[1] == "0.1" && $0[4] == "3" && $0[5] == "0" })
        #expect(lines[0][3].contains("momentum=0.9"))
        #expect(lines.suffix(4).allSatisfy { $0[0].isEmpty && $0[1] == "50.0" && $0[4] == "0" && $0[5] == "1" })
    }

    @Test
    func `equal medians share a place`() throws {
        let scratch = try Scratch()
        try scratch.gradbook(
            "sweep", "s", "--optimizer", "sgd", "--set", "weight_decay=0,0.5", "--set", "maximize=false", "--lr",
            "0.1,0.2", "--seeds", "1..2", "--steps", "20")
        try scratch.sqlite3("UPDATE runs SET final_loss = 1 WHERE learning_rate = 0.1")

        let places = try scratch.sqlite3("SELECT rank FROM leaderboard WHERE learning_rate = 0.1")

        let distinct = Set(places.split(separator: "\n"))
        #expect(distinct.count == 1 && places.split(separator: "\n").count == 2)
    }

    @Test
    func `a sweep may hold several schedules, and keeps its target and budget`() throws {
        let scratch = try Scratch()

        try scratch.gradbook(
            "sweep", "s", "--schedule", "constant,cosine:total=40,min=0.001,warmup:total=5+cosine:total=35",
            "--stop-when", "excess=1e-9,patience=30", "--steps", "40", "--seeds", "1..2")

        #expect(try scratch.sqlite3("SELECT target, budget_steps, planned_runs FROM sweeps") == "excess=1e-9|40|6")
        let schedules = try scratch.sqlite3(
            "SELECT count(DISTINCT json_extract(config, '$.schedule')), count(*) FROM runs")
        #expect(schedules == "3|6")
    }
}
