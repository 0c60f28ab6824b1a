import TestRows
import Testing
import Tracking

/// Runs 1...6: two optimizers on three learning rates; run 6 is diverged, run 5 is running and run 4 is queued.
struct ListedNotebook {
    let notebook: Notebook
    let store: Store

    init() throws {
        notebook = try Notebook()
        store = try notebook.open()
        let dataset = try store.datasets.add(.sample())
        for (index, (optimizer, rate)) in [
            ("sgd", 0.01), ("sgd", 0.1), ("adam", 0.01), ("adam", 0.1), ("adam", 0.5), ("sgd", 0.5),
        ].enumerated() {
            var run = NewRun.sample(dataset: dataset, name: index == 1 ? "the good one" : nil)
            run.optimizer = optimizer
            run.learningRate = rate
            let own = optimizer == "sgd" ? #""momentum":0.9"# : #""beta1":0.9"#
            run.config =
                #"{"optimizer":{"name":"\#(optimizer)","lr":\#(rate),"hyperparameters":{\#(own)}},"noise":0.2,"seed":7}"#
            run.groupID = "\(optimizer)-\(rate)"
            let id = try store.runs.add(run, provenance: .sample())
            if id == 4 { continue }
            let started = try store.runs.start(id, as: .sample(pid: Int(id)))
            if id == 5 { continue }
            try store.write(
                [.sample(0, loss: 3), .sample(1, loss: 1 / Double(id)), .sample(2, loss: 2)], ofRun: started)
            try store.runs.finish(
                id, attempt: 1, outcome: .sample(state: id == 6 ? .diverged : .done, finalLoss: 1 / Double(id)))
        }
        try store.notes.changeTags(ofRuns: [2], adding: ["keep", "Ünïcode"])
        try store.notes.changeTags(ofRuns: [3], adding: ["keep"])
    }

    func list(
        _ filter: String, sort: [String] = [], words: [String: [String]] = [:], isAlive: Bool = true
    ) throws -> RunListing {
        var request = RunListingRequest()
        request.filter = try RunFilter(filter)
        request.sort = sort
        request.columns = ["id"]
        request.settingWords = words
        return try store.runs.list(request) { _ in isAlive }
    }

    func ids(_ filter: String, sort: [String] = [], isAlive: Bool = true) throws -> [Int64] {
        try list(filter, sort: sort, isAlive: isAlive).rows.map {
            if case .integer(let id) = $0[0] { id } else { -1 }
        }
    }
}
