import Statistics
import TextFormats

/// `data/pairwise.csv`: every comparison of two arms.
struct PairwiseFile {
    static let columns = [
        "a", "b", "metric", "n_pairs", "ratio", "ratio_low", "ratio_high", "p_a_less_b", "p_low", "p_high", "test",
        "p_raw", "p_holm", "p_min_attainable", "var_ratio", "verdict",
    ]

    private var csv = CSVText(columns: columns)

    init(_ pairs: [PairComparison]) {
        for pair in pairs { append(pair) }
    }

    var bytes: [UInt8] { csv.bytes }

    private mutating func append(_ pair: PairComparison) {
        csv.append(pair.first)
        csv.append(pair.second)
        csv.append(pair.metric.rawValue)
        csv.append(pair.pairCount)
        csv.append(pair.ratio)
        csv.append(pair.ratioInterval?.low)
        csv.append(pair.ratioInterval?.high)
        csv.append(pair.superiority)
        csv.append(pair.superiorityInterval?.low)
        csv.append(pair.superiorityInterval?.high)
        csv.append(pair.test.description)
        csv.append(pair.p)
        csv.append(pair.adjustedP)
        csv.append(pair.smallestP)
        csv.append(pair.varianceRatio)
        csv.append(pair.verdict.rawValue)
        csv.endRow()
    }
}
