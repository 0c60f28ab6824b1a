import Testing

@testable import Reports

struct SubjectTests {
    @Test(
        arguments: [
            (.runs([7]), "run-7"), (.runs([1, 2]), "run-1-2"), (.sweep("first"), "first"),
            (.sweep("../up"), "%2E.%2Fup"),
            (.sweep("a/b:c"), "a%2Fb%3Ac"), (.sweep("a-b-c"), "a-b-c"),
            (.runs(Array(1...100)), "run-1-2-3-4-5-6-7-8-9-10-11-12-and-88-more"),
        ] as [(ReportSubject, String)])
    func `a subject names one folder`(subject: ReportSubject, name: String) {
        #expect(subject.folderName == name)
    }

    @Test
    func `two sweeps have two folders`() {
        let names = ["a/b", "a\\b", "a:b", "a-b", "a%2Fb", ".a", "%2Ea", "-a", "..", "%2E.", "%"]

        #expect(Set(names.map { ReportSubject.sweep($0).folderName }).count == names.count)
    }
}
