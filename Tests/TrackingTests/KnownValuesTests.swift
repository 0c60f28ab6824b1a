import TestRows
import Testing
import TextFormats
import Tracking

/// Values that no run has, or can have, and the columns that there are.
struct KnownValuesTests {
    private let listed: ListedNotebook
    private let words = ["optimizer.name": ["sgd", "adam", "lion"], "noise": ["x"]]

    init() throws {
        listed = try ListedNotebook()
    }

    @Test(arguments: [
        ("optimizer=Adam", "no run can have optimizer 'Adam' (did you mean 'adam'?); there are sgd, adam, lion"),
        (
            "optimizer!='adamm' or id=1",
            "no run can have optimizer 'adamm' (did you mean 'adam'?); there are sgd, adam, lion"
        ),
        (
            "state=bogus",
            "no run can have state 'bogus'; there are queued, running, done, diverged, failed, pruned, cancelled, interrupted"
        ), ("unstable=maybe", "no run can have unstable 'maybe'; there are yes, no, true, false"),
    ])
    func `a value that no run can have is named`(filter: String, explanation: String) {
        let error = #expect(throws: TrackingError.self) { try listed.list(filter, words: words) }

        #expect(error?.code == .invalidQuery && error?.description == explanation)
    }

    @Test(arguments: [
        ("tag=kep", ["no run here has tag 'kep' (did you mean 'keep'?)"]), ("tag!=kep", []), ("tag=none", []),
        ("name='the god one'", ["no run here has name 'the god one' (did you mean 'the good one'?)"]),
        ("sweep=x sweep=x", ["no run here has sweep 'x'"]), ("optimizer=lion", []), ("state=interrupted", []),
        ("optimizer=sgd,adam lr=7 created=2020 name=~/x/ name~x id=1..9", []), ("noise=0.3", []),
        ("optimizer=lion:x=1", ["no run here has optimizer 'lion:x=1'"]),
        ("name~/good/", ["no run here has '/good/' in its name; a regular expression is written name=~/good/"]),
        ("name=/Good/i", ["no run here has name '/Good/i'; a regular expression is written name=~/Good/i"]),
        ("name!~/good/", []), ("momentum='0.8' noise!='9'", []),
        ("name=x)", ["no run here has name 'x)'; its ')' has no '('"]),
        ("momentum=high", ["no run here has momentum 'high'"]),
    ])
    func `a value that no run here has is told`(filter: String, remarks: [String]) throws {
        #expect(try listed.list(filter, words: words).remarks == remarks)
    }

    @Test
    func `what a run has is no mistake, whatever the program knows`() throws {
        #expect(try listed.list("optimizer=adam", words: ["optimizer.name": ["sgd"]]).rows.count == 3)
    }

    @Test
    func `every column that is described can be listed, filtered and sorted by`() throws {
        let columns = try listed.store.runs.columns()
        var request = RunListingRequest()
        for column in columns {
            request.columns = [column.name] + column.synonyms
            request.sort = [column.name]
            request.filter = try RunFilter(column.example)
            #expect(throws: Never.self, "\(column.name)") { try listed.store.runs.list(request) { _ in true } }
        }

        let names = columns.flatMap { [$0.name] + $0.synonyms }
        #expect(Set(names).count == names.count)
        #expect(names.contains("momentum") && names.contains("w_in_original_units") && names.contains("loss@200"))
        #expect(names.contains("config_id") && names.contains("group_id") && names.contains("final_excess"))
        #expect(columns.first { $0.name == "beta1" }?.example == "beta1=0.9")
        let always = ColumnDescription.always
        #expect(Set(always.map(\.name)).isSubset(of: names) && always.contains { $0.name == "state" })
    }
}
