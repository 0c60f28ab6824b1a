import Foundation

extension Double {
    /// The number with as many decimals as `example` shows.
    func printed(like example: String) -> String {
        let decimals = example.split(separator: ".").last?.count ?? 0
        return String(format: "%.\(decimals)f", self)
    }
}
