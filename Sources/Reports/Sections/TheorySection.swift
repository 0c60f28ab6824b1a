import TextFormats

/// What theory says of these runs, beside what they did.
struct TheorySection {
    static let title = "Theory against measurement"

    let checks: [TheoryCheck]
    /// The models of the report, if none has a known optimum.
    let unknownModels: [String]

    var blocks: [Document.Block] {
        let heading = Document.Block.heading(level: 2, Prose(words: Self.title))
        guard unknownModels.isEmpty else {
            return [heading, .paragraph("\(OptimizationProblem.absence(unknownModels)).")]
        }
        guard !checks.isEmpty else {
            return [heading, .paragraph("No exact theory covers these optimizers, batches or schedules.")]
        }
        var table = Document.Table([
            ("configuration", .left), ("quantity", .left), ("theory", .right), ("measured", .right), ("ratio", .right),
            ("tolerance", .right), ("", .left),
        ])
        // Of many, those that fail must not be among the hidden ones.
        let shown =
            checks.count > LongTable.longest ? checks.filter { !$0.passes } + checks.filter(\.passes) : checks
        for check in shown { table.append(row(check)) }
        let failed = checks.count { !$0.passes }
        let all =
            checks.count == 1
            ? "The one number is within its tolerance." : "All \(checks.count) numbers are within their tolerances."
        let some =
            checks.count == 1
            ? "The one number is not within its tolerance."
            : "\(failed) of \(checks.count) numbers are not within their tolerances."
        let outcome: Prose = failed == 0 ? Prose(words: all) : "\(strong: Prose(words: some))"
        return [
            heading,
            .paragraph(
                """
                \(outcome) Of each configuration the worst seed is shown. \(em: "Tolerance") is how far the ratio may be from 1: \
                rounding for what is exact, and for a rate also what faster modes still add; sampling error for a noise floor; half \
                the distance of the tried learning rates for an edge. The error of a gradient is in units of the size of its terms.
                """),
        ] + LongTable.blocks(table, rest: "data/theory.csv")
    }

    private func row(_ check: TheoryCheck) -> [Prose] {
        let name = Prose(text: check.subject)
        return [
            check.quantity == "largest stable lr" ? name : "\(link: name, to: "#\(check.subject)")",
            Prose(words: check.quantity), Prose(words: NumberText.rounded(check.theory, digits: 5)),
            Prose(words: NumberText.rounded(check.measured, digits: 5)),
            Prose(words: check.theory == 0 ? "" : NumberText.fixed(check.ratio, decimals: 4)),
            Prose(words: NumberText.rounded(check.tolerance, digits: 2)), check.passes ? "PASS" : "\(strong: "FAIL")",
        ]
    }
}
