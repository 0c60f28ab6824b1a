import Testing

@testable import Reports

struct SubjectTests {
    @Test(
        arguments: [
            (["1"], .runs([1])), (["1", "2", "1"], .runs([1, 2, 1])), (["first"], .sweep("first")), (["1", "x"], nil),
            (["a", "b"], nil), ([], nil), (["1.5"], .sweep("1.5")), (["007"], .runs([7])),
        ] as [([String], ReportSubject?)])
    func `whole numbers are runs, one other word is a sweep`(words: [String], subject: ReportSubject?) {
        #expect(ReportSubject(words: words) == subject)
    }

    @Test(
        arguments: [
            (.runs([7]), "run-7"), (.runs([1, 2]), "run-1-2"), (.sweep("first"), "first"), (.sweep("../up"), "-..-up"),
            (.sweep("a/b:c"), "a-b-c"), (.runs(Array(1...100)), "run-1-2-3-4-5-6-7-8-9-10-11-12-and-88-more"),
        ] as [(ReportSubject, String)])
    func `a subject names one folder`(subject: ReportSubject, name: String) {
        #expect(subject.folderName == name)
    }
}
