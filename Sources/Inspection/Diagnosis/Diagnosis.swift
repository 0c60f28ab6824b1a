import Reports
import TextFormats
package import Tracking

/// What became of a run and why, each statement with the query that shows it.
package struct Diagnosis {
    /// One statement.
    package struct Finding: Sendable, Equatable {
        /// What it is about, in one word.
        package let subject: String
        package let sentence: String
        /// The number it rests on, and what that is held against.
        package let value: Double?
        package let reference: Double?
        /// A SELECT whose answer shows it, the value first.
        package let query: String
    }

    private let run: Int64
    package let cause: CauseClass
    /// Why it is this cause, as one sentence.
    package let sentence: String
    package let findings: [Finding]

    /// Reads the run's steps once.
    package init(_ run: StoredRun, in store: Store) throws {
        self.run = run.id
        let dataset = try store.dataset(id: run.plan.datasetID)
        let problem = Problem(dataset, of: run.plan)
        let setting = MethodSetting(run, problem)
        let evidence = try StepEvidence(of: run, on: problem, setting, in: store)
        let sample = SuspiciousSample(in: dataset)
        let judgement = Judgement(
            run: run, problem: problem, setting: setting, evidence: evidence, sample: sample,
            finalExcess: try Self.finalExcess(of: run, problem, in: store) ?? evidence.lastExcess)
        (cause, sentence) = judgement.verdict
        findings = DiagnosisFindings(judgement).all
    }

    /// A paragraph per statement, each with its query, which can be pasted into sqlite3 as it stands.
    package func text(width: Int) -> String {
        let verdict = "run \(run): \(cause.rawValue)\n" + WrappedText.paragraph(sentence, width: width)
        let statements = findings.map { finding in
            WrappedText.paragraph("\(finding.subject): \(finding.sentence)", width: width) + "\n"
                + WrappedText.paragraph("\(finding.query);", indentation: 4, width: width)
        }
        return ([verdict] + statements).joined(separator: "\n\n")
    }

    private static func finalExcess(of run: StoredRun, _ problem: Problem, in store: Store) throws -> Double? {
        let values = try store.parameters(ofRun: run.id)
        guard let w = values.first(where: { $0.name == "w" }), let b = values.first(where: { $0.name == "b" }) else {
            return nil
        }
        return problem.excess(w: w.final, b: b.final)
    }
}
