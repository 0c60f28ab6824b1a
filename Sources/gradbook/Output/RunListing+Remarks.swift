import Experiments
import Tracking

extension RunListingRequest {
    /// All runs, with the program's names of settings.
    static var withSettings: RunListingRequest {
        var request = RunListingRequest()
        request.settingPaths = RunSetting.listingPaths
        request.settingWords = RunSetting.listingWords
        return request
    }
}

extension RunListing {
    /// Says on standard error what a filter names and no run has, and that there is nothing to list.
    func printRemarks(filters: [String], deleted: Bool = false, file: String) {
        for remark in remarks { Terminal.printNote("gradbook: \(remark)") }
        guard rows.isEmpty else { return }
        let filter = RunFilter.text(ofAll: filters.filter { !$0.allSatisfy(\.isWhitespace) }) ?? ""
        let kind = deleted ? "deleted run" : "run"
        Terminal.printNote(
            filter.isEmpty ? "gradbook: there is no \(kind) in '\(file)'" : "gradbook: no \(kind) matches '\(filter)'")
    }
}
