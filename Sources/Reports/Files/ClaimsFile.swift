import Crypto
import TextFormats
import Tracking

/// `data/claims.csv`: every sentence of the verdict with its numbers.
struct ClaimsFile {
    static let columns = ["id", "sentence", "metric", "estimate", "ci_low", "ci_high", "n", "sql_sha256"]

    private var csv = CSVText(columns: columns)

    init(_ claims: Claims) {
        for claim in claims.all { append(claim) }
    }

    var bytes: [UInt8] { csv.bytes }

    private mutating func append(_ claim: Claim) {
        csv.append(claim.id)
        csv.append(claim.sentence)
        csv.append(claim.metric)
        csv.append(claim.estimate)
        csv.append(claim.low)
        csv.append(claim.high)
        csv.append(claim.count)
        csv.append(Hexadecimal.text(SHA256.hash(data: Array(claim.sql.utf8))))
        csv.endRow()
    }
}
