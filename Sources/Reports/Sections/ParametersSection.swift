import Tracking

/// The fitted curve in the units of the data's file.
struct ParametersSection {
    let data: ReportData

    /// Empty unless some data were scaled.
    var text: String {
        let scaled = data.groups.filter { group in
            let dataset = group.runs[0].dataset
            return dataset.xDivisor != 1 || dataset.yDivisor != 1 || dataset.yOffset != 0
        }
        guard !scaled.isEmpty else { return "" }
        var table = MarkdownTable([("#", .right), ("best seed", .right), ("w", .right), ("b", .right)])
        for (place, group) in data.groups.enumerated() {
            guard let best = group.best, let values = best.originalUnits else { continue }
            table.append([
                String(place + 1), String(best.seed), NumberText.rounded(values.w, digits: 8),
                NumberText.rounded(values.b, digits: 8),
            ])
        }
        return """
            ## Fitted parameters

            In the units of the data's file, from each row's best seed.

            \(table.text)

            """
    }
}
