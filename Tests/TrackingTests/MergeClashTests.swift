import Foundation
import TestRows
import TestSupport
import Testing
import TextFormats
import Tracking

/// What a merge says before, while and after it changes something, and what it refuses.
struct MergeClashTests {
    private let ours: Notebook
    private let theirs: Notebook
    private let renaming = MergeRenaming(prefix: "b-") { !$0.hasSuffix("!") }

    init() throws {
        ours = try Notebook()
        theirs = try Notebook()
    }

    // MARK: - What is refused

    @Test
    func `everything that differs is told at once, and nothing is merged`() throws {
        let store = try ours.open()
        let run = try store.addRun(name: "common", seed: 1)
        _ = try store.addRun(name: "taken", seed: 2)
        _ = try store.createSampleSweep(runs: 2)
        try ours.copy(to: theirs)
        try theirs.execute("DELETE FROM runs WHERE name = 'taken'; UPDATE sweeps SET target = NULL, sweep_seed = 6")
        _ = try theirs.open().addRun(name: "taken", seed: 3)
        try theirs.execute("UPDATE runs SET batch_size = 11 WHERE id = \(run)")
        let before = try ours.content()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        let clashes = try #require(error?.underlying as? MergeClashes)
        #expect(
            clashes.sentences.map(\.description) == [
                "its sweep 'seeds' has another plan than the sweep of this name here: other sweep_seed, target",
                "its run 1 and run 1 here are the same run, but differ in batch_size",
                "its run 5 has the name 'taken', which belongs to run 2 here",
            ])
        #expect(error?.message.description.hasSuffix("other sweep_seed, target, and 2 more") == true)
        #expect(error?.advice == "rename one of them, or give a prefix for theirs with \(option: "rename")")
        #expect(try ours.content() == before)
    }

    @Test
    func `a name that a deleted run has is taken, too`() throws {
        let store = try ours.open()
        let run = try store.addRun(name: "taken", seed: 1)
        try store.runs.delete([run]) { _ in false }
        _ = try theirs.open().addRun(name: "taken", seed: 2)

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .nameTaken)
        #expect(error?.message.description.hasSuffix("which belongs to the deleted run 1 here") == true)
    }

    @Test(arguments: [true, false])
    func `a run and a sweep do not come to share a name`(isRunOurs: Bool) throws {
        let (withRun, withSweep) = isRunOurs ? (ours, theirs) : (theirs, ours)
        _ = try withRun.open().addRun(name: "seeds", seed: 1)
        _ = try withSweep.open().createSampleSweep(runs: 2)
        let store = try ours.open()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }
        #expect(
            error?.message.description.hasSuffix(
                isRunOurs
                    ? "its sweep 'seeds' has the name of run 1 here"
                    : "its run 1 has the name 'seeds', which belongs to a sweep here") == true)
        #expect(error?.code == .nameTaken)

        _ = try store.maintenance.merge(theirs.path, MergeRequest(renaming: renaming))
        #expect(try store.runs.all().compactMap(\.plan.name) == [isRunOurs ? "seeds" : "b-seeds"])
        #expect(try store.sweeps.all().map(\.plan.name) == [isRunOurs ? "b-seeds" : "seeds"])
    }

    @Test
    func `of many differences the first twenty are kept, and all are counted`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 25)
        try ours.copy(to: theirs)
        try theirs.execute("UPDATE runs SET group_id = 'other'")

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        let clashes = try #require(error?.underlying as? MergeClashes)
        #expect(clashes.count == 25 && clashes.sentences.count == 20 && clashes.rest == 5)
        #expect(error?.advice == nil)
    }

    @Test(arguments: [
        ("UPDATE runs SET steps_done = 9223372036854775807, parent_step = -9", "steps that cannot be"),
        ("UPDATE runs SET attempt = -1 WHERE id = 2", "run 2 has a number of attempts that cannot be"),
        ("UPDATE runs SET trial_number = NULL WHERE id = 1", "run 1 has no place in its sweep"),
        ("UPDATE runs SET trial_number = -1 WHERE id = 1", "run 1 has no place in its sweep"),
        ("UPDATE sweeps SET planned_runs = -5", "sweep 'seeds' has a number of runs that cannot be"),
        ("UPDATE runs SET dataset_id = 77 WHERE id = 2", "run 2 trained on data that are not there"),
        ("UPDATE runs SET sweep_id = 77 WHERE id = 2", "run 2 belongs to a sweep that is not there"),
        ("UPDATE runs SET sweep_id = NULL, trial_number = NULL, identity = 'x'", "runs 1 and 2 claim to be the same"),
        (
            "UPDATE runs SET state = 'x''y'",
            "is damaged and was not merged: CHECK constraint failed in runs"
        ),
        ("UPDATE sweeps SET search_space = '{'", "is damaged and was not merged: CHECK constraint failed in sweeps"),
    ])
    func `numbers and states that cannot be are a sentence`(change: String, sentence: String) throws {
        _ = try theirs.open().createSampleSweep(runs: 2)
        try theirs.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \(change)")
        let store = try ours.open()
        let before = try ours.content()

        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }

        #expect(error?.code == .damaged)
        #expect(error?.description.contains(sentence) == true, "\(error as Any)")
        #expect(error?.description.hasPrefix("'\(theirs.path)' ") == true)
        #expect(try ours.content() == before)
    }

    @Test
    func `names that are SQL are names`() throws {
        let name = #"x'); DROP TABLE runs; --" OR "1"="1"#
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 2)
        _ = try other.addRun(name: name, seed: 3)
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 3)
        _ = try store.addRun(name: name, seed: 4)
        // As only an older release would call a sweep.
        for notebook in [ours, theirs] { try notebook.execute("UPDATE sweeps SET name = \(name.sqlText)") }

        #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }
        _ = try store.maintenance.merge(theirs.path, MergeRequest(renaming: renaming))

        #expect(try store.sweeps.all().map(\.plan.name) == [name, "b-" + name])
        #expect(try store.runs.all().compactMap(\.plan.name) == [name, "b-" + name])
    }

    // MARK: - Other names

    @Test
    func `with a prefix what clashes comes in under another name, once`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 2)
        _ = try store.addRun(name: "same", seed: 1)
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 3)
        _ = try other.createSampleSweep(name: "own", runs: 1)
        _ = try other.addRun(name: "same", seed: 2)
        _ = try other.addRun(name: "free", seed: 3)

        let summary = try store.maintenance.merge(theirs.path, MergeRequest(renaming: renaming))
        let content = try ours.content()
        let again = try store.maintenance.merge(theirs.path, MergeRequest(renaming: renaming))

        #expect(summary == [.runsAdded: 6, .sweeps: 2])
        #expect(again == [.runsUnchanged: 6])
        #expect(try ours.content() == content)
        #expect(try store.sweeps.all().map(\.plan.name) == ["seeds", "b-seeds", "own"])
        #expect(try store.runs.all().compactMap(\.plan.name) == ["same", "b-same", "free"])
        let without = try store.maintenance.merge(theirs.path)
        #expect(!without.changedSomething)
        #expect(
            without.remarks == [
                "sweep 'b-seeds' is called 'seeds' there; the name here stays",
                "run 8 is called 'same' there; the name here stays",
            ])
    }

    @Test
    func `a renamed sweep whose runs were made by another process is known by its name`() throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 2)
        _ = try theirs.open().createSampleSweep(runs: 3)
        _ = try store.maintenance.merge(theirs.path, MergeRequest(renaming: renaming))
        // A shard of theirs.
        let third = try Notebook()
        _ = try third.open().createSampleSweep(runs: 3)

        #expect(try store.maintenance.merge(third.path, MergeRequest(renaming: renaming)) == [.runsUnchanged: 3])
    }

    @Test(arguments: ["sweep here", "sweep there", "run here", "run there", "no name"])
    func `a prefix that does not help is refused`(obstacle: String) throws {
        let (store, other) = (try ours.open(), try theirs.open())
        _ = try store.createSampleSweep(runs: 2)
        _ = try other.createSampleSweep(runs: 3)
        _ = try store.addRun(name: "same!", seed: 1)
        _ = try other.addRun(name: obstacle == "no name" ? "same!" : "other", seed: 2)
        _ = try store.addRun(name: "run", seed: 3)
        _ = try other.addRun(name: "run", seed: 4)
        switch obstacle {
        case "sweep here": _ = try store.createSampleSweep(name: "b-seeds", runs: 5)
        case "sweep there": _ = try other.createSampleSweep(name: "b-seeds", runs: 5)
        case "run here": _ = try store.addRun(name: "b-run", seed: 5)
        case "run there": _ = try other.addRun(name: "b-run", seed: 5)
        default: break
        }
        let before = try ours.content()

        let error = #expect(throws: TrackingError.self) {
            try store.maintenance.merge(theirs.path, MergeRequest(renaming: renaming))
        }

        #expect(error?.message.description.contains("cannot be called 'b-") == true, "\(error as Any)")
        #expect(error?.advice == "rename one of them, or give \(option: "rename") another prefix")
        #expect((error?.underlying as? MergeClashes)?.count == 1)
        #expect(try ours.content() == before)
    }

    @Test
    func `a sweep that was renamed in one of two copies is still one sweep`() throws {
        let store = try ours.open()
        let sweep = try store.createSampleSweep(runs: 2)
        try ours.copy(to: theirs)
        try store.sweeps.rename(sweep, to: "mine", provenance: .sample())

        let summary = try store.maintenance.merge(theirs.path)

        #expect(!summary.changedSomething)
        #expect(summary.remarks == ["sweep 'mine' is called 'seeds' there; the name here stays"])
        #expect(try store.sweeps.all().map(\.plan.name) == ["mine"])
        #expect(try theirs.open().maintenance.merge(ours.path)[.namesKept] == 1)
        try theirs.execute("UPDATE sweeps SET planned_runs = 3")
        let error = #expect(throws: TrackingError.self) { try store.maintenance.merge(theirs.path) }
        #expect(error?.description.contains("has runs in common with the sweep 'mine' here") == true)
    }

    @Test
    func `a run without a name takes the one it has there, and one that has a name keeps it`() throws {
        let store = try ours.open()
        let runs = try (1...5).map { try store.addRun(name: nil, seed: $0) }
        try ours.copy(to: theirs)
        let other = try theirs.open()
        try store.runs.rename(runs[1], to: "here")
        try other.runs.rename(runs[0], to: "given")
        try other.runs.rename(runs[1], to: "there")
        try store.runs.rename(runs[2], to: "taken")
        try other.runs.rename(runs[3], to: "taken")
        let renamed = try store.maintenance.merge(theirs.path)

        #expect(renamed[.names] == 1 && renamed[.namesKept] == 2)
        #expect(
            renamed.remarks
                == ["run 2 is called 'there' there, and 1 more have other names there; the names here stay"])
        #expect(try store.runs.all().map(\.plan.name) == ["given", "here", "taken", nil, nil])
    }

    // MARK: - What it says

    @Test
    func `tags, notes and looks alone are something new`() throws {
        let store = try ours.open()
        let run = try store.addRun(name: "one", seed: 1)
        try ours.copy(to: theirs)
        let other = try theirs.open()
        try other.notes.changeTags(ofRuns: [run], adding: ["a", "b"])
        try other.notes.add("seen", to: .run(run))
        try other.verdicts.add(
            StoredVerdict(
                question: "{}", first: "a", second: "b", measure: "loss", seeds: [1], runs: ["x"], alpha: 0.05, p: nil,
                verdict: "undecided"))
        try other.notes.addEvent("deleted", to: .run(run))

        let summary = try store.maintenance.merge(theirs.path, MergeRequest(command: "gradbook merge"))

        #expect(summary == [.runsUnchanged: 1, .tags: 2, .notes: 1, .verdicts: 1, .events: 1])
        #expect(summary.changedSomething)
        // No run came, so whoever reproduces them need not know.
        #expect(try store.notes.events(of: .run(run)).map(\.kind) == ["deleted"])
    }

    @Test
    func `a run that is deleted in one of two notebooks is deleted in that one`() throws {
        let store = try ours.open()
        let runs = try (1...3).map { try store.addRun(name: nil, seed: $0) }
        try ours.copy(to: theirs)
        let other = try theirs.open()
        for run in runs { try other.notes.changeTags(ofRuns: [run], adding: ["seen"]) }
        try store.runs.delete([runs[0]]) { _ in false }
        try other.runs.delete([runs[1]]) { _ in false }

        let summary = try store.maintenance.merge(theirs.path)

        #expect(summary[.deletedHere] == 1 && summary[.deletedThere] == 1 && summary[.tags] == 2)
        #expect(
            summary.remarks == [
                "1 run that is deleted there stays here, and takes nothing from there",
                "1 run that is deleted here and not there stays deleted",
            ])
        #expect(try store.runs.deleted().map(\.id) == [runs[0]])
        #expect(try runs.map { try store.notes.tags(ofRun: $0) } == [["seen"], [], ["seen"]])
    }

    @Test(arguments: ["open", "stopped", "cancelled"], ["open", "stopped", "cancelled"])
    func `a sweep that was given up in one notebook is given up in both`(here: String, there: String) throws {
        let store = try ours.open()
        _ = try store.createSampleSweep(runs: 2)
        try ours.copy(to: theirs)
        try ours.execute("UPDATE sweeps SET state = '\(here)'")
        try theirs.execute("UPDATE sweeps SET state = '\(there)'")

        _ = try store.maintenance.merge(theirs.path)
        _ = try theirs.open().maintenance.merge(ours.path)

        let order: [SweepState] = [.open, .stopped, .cancelled]
        let expected = order.last { $0.rawValue == here || $0.rawValue == there }
        #expect(try store.sweeps.find(id: 1).state == expected)
        #expect(try theirs.open().sweeps.find(id: 1).state == expected)
    }

    @Test
    func `a dry run says what would come, and changes no byte`() throws {
        let store = try ours.open()
        _ = try store.addRun(name: "here", seed: 1)
        store.close()
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 3)
        let run = try other.addRun(name: "there", seed: 2)
        try other.notes.changeTags(ofRuns: [run], adding: ["a"])
        let before = FileManager.default.contents(atPath: ours.path)

        let reopened = try ours.open()
        let planned = try reopened.maintenance.merge(
            theirs.path, MergeRequest(command: "gradbook merge", isDryRun: true))
        reopened.close()

        #expect(FileManager.default.contents(atPath: ours.path) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: ours.folder.path) == ["gradbook.db"])
        #expect(planned == [.runsAdded: 4, .sweeps: 1, .tags: 1])
        #expect(try ours.open().maintenance.merge(theirs.path) == planned)
    }

    @Test
    func `every run counts in the progress, whether it is new or known`() throws {
        let store = try ours.open()
        _ = try store.addRun(name: "known", seed: 1)
        try ours.copy(to: theirs)
        let other = try theirs.open()
        _ = try other.createSampleSweep(runs: 2)
        try theirs.execute("UPDATE runs SET steps_done = 7")
        var reports: [MergeProgress] = []

        _ = try store.maintenance.merge(theirs.path, MergeRequest { reports.append($0) })

        #expect(reports.map(\.runsDone) == [1, 2, 3])
        #expect(reports.map(\.stepsDone) == [7, 14, 21])
        #expect(reports.allSatisfy { $0.runs == 3 && $0.steps == 21 })
    }

    @Test
    func `nothing is left beside the other file`() throws {
        let other = try theirs.open()
        _ = try other.addRun(name: "there", seed: 2)
        other.close()

        _ = try ours.open().maintenance.merge(theirs.path)

        #expect(try FileManager.default.contentsOfDirectory(atPath: theirs.folder.path) == ["gradbook.db"])
    }
}

extension Store {
    /// A queued run outside a sweep.
    fileprivate func addRun(name: String?, seed: Int) throws -> Int64 {
        try runs.add(
            .sample(dataset: datasets.add(.sample()), name: name, seed: Int64(seed)), provenance: .sample())
    }
}
