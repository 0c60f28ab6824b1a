import TextFormats

/// What theory says of these runs, beside what they did.
struct TheorySection {
    let checks: [TheoryCheck]

    var text: String {
        guard !checks.isEmpty else {
            return "## Theory against measurement\n\nNo exact theory covers these optimizers, batches or schedules.\n\n"
        }
        var table = MarkdownTable([
            ("configuration", .left), ("quantity", .left), ("theory", .right), ("measured", .right), ("ratio", .right),
            ("tolerance", .right), ("", .left),
        ])
        for check in checks { table.append(row(check)) }
        let failed = checks.count { !$0.passes }
        return """
            ## Theory against measurement

            \(failed == 0 ? "All \(checks.count) numbers are within their tolerances." : "**\(failed) of \(checks.count) numbers are not within their tolerances.**") \
            Of each configuration the worst seed is shown. *Tolerance* is how far the ratio may be from 1: rounding for what \
            is exact, sampling error for a noise floor, half the distance of the tried learning rates for an edge. The error of \
            a gradient is in units of the size of its terms.

            \(table.text)

            """
    }

    private func row(_ check: TheoryCheck) -> [String] {
        let name = MarkdownText.escaped(check.subject)
        return [
            check.quantity == "largest stable lr" ? name : "[\(name)](#\(check.subject))", check.quantity,
            NumberText.rounded(check.theory, digits: 5), NumberText.rounded(check.measured, digits: 5),
            check.theory == 0 ? "" : NumberText.fixed(check.ratio, decimals: 4),
            NumberText.rounded(check.tolerance, digits: 2), check.passes ? "PASS" : "**FAIL**",
        ]
    }
}
