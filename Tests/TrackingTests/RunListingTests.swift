import TestRows
import Testing
import TextFormats
import Tracking

/// Filters, sort orders and columns of `gradbook runs`.
struct RunListingTests {
    private let listed: ListedNotebook
    private var store: Store { listed.store }

    init() throws {
        listed = try ListedNotebook()
    }

    private func ids(_ filter: String, sort: [String] = [], isAlive: Bool = true) throws -> [Int64] {
        try listed.ids(filter, sort: sort, isAlive: isAlive)
    }

    @Test(arguments: [
        ("", [1, 2, 3, 4, 5, 6]), ("optimizer=adam", [3, 4, 5]), ("optimizer = 'adam' lr<0.1", [3]),
        ("optimizer=adam,sgd", [1, 2, 3, 4, 5, 6]), ("optimizer!=adam,sgd", []), ("lr>=0.1 lr<=0.1", [2, 4]),
        ("state=done", [1, 2, 3]), ("state!=done,diverged", [4, 5]), ("tag=keep", [2, 3]),
        ("tag=keep tag!=Ünïcode", [3]), ("tag=none", [1, 4, 5, 6]), ("name~GOOD", [2]),
        ("name='the good one'", [2]),
        ("tag~üNÏ", [2]), ("tag!~ÜNï tag~KEEP", [3]), ("name!=none", [2]), ("name!~good", [1, 3, 4, 5, 6]),
        ("momentum=0.9", [1, 2, 6]),
        ("beta1!=none lr=0.5", [5]), ("final_loss=none", [4, 5]), ("min(loss)@step=3", [1, 2, 3, 6]),
        ("loss@1<0.4", [3, 6]), ("first(loss)=3", [1, 2, 3, 6]), ("last(w)>0.6", [1, 2, 3, 6]),
        ("max(loss)=3", [1, 2, 3, 6]),
        ("optimizer=\"' OR 1=1 --\"", []), ("noise=0.2 id>5", [6]), ("id=2,4", [2, 4]), ("w=3 b=2", [1, 2, 3, 6]),
    ])
    func `a filter finds the runs that meet all its conditions`(filter: String, expected: [Int64]) throws {
        #expect(try ids(filter) == expected)
    }

    @Test(arguments: [
        (["lr"], [1, 3, 2, 4, 5, 6]), (["-lr", "optimizer"], [5, 6, 4, 2, 3, 1]), (["final_loss"], [6, 3, 2, 1, 4, 5]),
        (["-final_loss"], [1, 2, 3, 6, 4, 5]),
    ])
    func `runs are sorted, those without a value last`(sort: [String], expected: [Int64]) throws {
        #expect(try ids("", sort: sort) == expected)
    }

    @Test
    func `a run whose process is gone is interrupted, not running`() throws {
        #expect(try ids("state=running") == [5])
        #expect(try ids("state=interrupted", isAlive: false) == [5])
        #expect(try ids("state=running", isAlive: false).isEmpty)
    }

    @Test
    func `columns are those in which the runs differ, and what is the same is named apart`() throws {
        var request = RunListingRequest()
        request.filter = try RunFilter("optimizer=sgd state=done")
        let listing = try store.runs.list(request) { _ in true }

        #expect(listing.columns == ["id", "name", "tag", "lr", "state", "final_loss"])
        #expect(
            listing.rows == [
                [.integer(1), .null, .null, .real(0.01), .text("done"), .real(1)],
                [.integer(2), .text("the good one"), .text("keep, Ünïcode"), .real(0.1), .text("done"), .real(0.5)],
            ])
        #expect(
            listing.constants.map(\.name) == ["noise", "momentum", "optimizer", "seed", "data_file"])
    }

    @Test
    func `a setting that only some of the runs have is one in which they differ`() throws {
        let dataset = try store.datasets.add(.sample())
        for (name, own) in [
            ("plain", ""), ("scheduled", #","schedule":{"name":"cosine","hyperparameters":{"total":5}}"#),
            ("clipped", #","clipping":{"norm":1}"#),
        ] {
            var run = NewRun.sample(dataset: dataset, name: name)
            run.config = #"{"optimizer":{"name":"sgd","lr":0.1}\#(own),"seed":7}"#
            run.groupID = name
            _ = try store.runs.add(run, provenance: .sample())
        }
        var request = RunListingRequest()
        request.filter = try RunFilter("name=plain,scheduled,clipped")

        let listing = try store.runs.list(request) { _ in true }

        #expect(listing.columns == ["id", "name", "clipping.norm", "schedule.name", "state", "final_loss"])
        #expect(listing.constants.map(\.name) == ["lr", "optimizer", "seed", "data_file"])
        #expect(listing.constants.last?.value == .text("cars.csv"))
    }

    @Test(arguments: [
        ("lr<fast", "'fast' is not a number, and lr is one; write for instance lr<0.1"),
        (
            "momentom=1",
            "no run has a column or a setting 'momentom' (did you mean 'momentum'?); gradbook columns lists what there is"
        ),
        (
            "lr",
            "the filter 'lr' needs a name, one of = != < <= > >= ~ !~ and a value at 'lr'; write for instance lr<0.1"
        ),
        ("lr<", "the filter 'lr<' has no value for 'lr'; write for instance lr=1, or lr=none"),
        ("name='a", "the filter 'name='a' has a quote ' without its partner"),
        ("name='a'b", "the filter 'name='a'b' needs a blank before 'b'"),
        ("tag<a", "a tag is neither below nor above 'a'; write tag=a"),
    ])
    func `a filter that makes no sense is explained`(filter: String, explanation: String) {
        let error = #expect(throws: TrackingError.self) { try ids(filter) }

        #expect(error?.code == .invalidQuery)
        #expect(error?.description == explanation)
    }

    @Test(arguments: ["min(loss)@step)", "min(password)", "loss@x", "sum(loss)", "min(loss)@3", "x@1"])
    func `a number of the steps that does not exist is explained`(name: String) {
        let error = #expect(throws: TrackingError.self) { try ids("\(name)=1") }

        #expect(error?.description.hasPrefix("there is no '\(name)' to list") == true)
    }
}
