import Foundation
import Learning
import TextFormats

/// The values a flag may hold in a sweep: `sgd,adam`, `0.1,0.01`, `log:1e-3:1:9`, `lin:0:0.5:6`, or a range to draw
/// from such as `loguniform:1e-4:1`.
///
/// Values stay as they were typed; of several spellings of one number the first counts. Ranges hold values, never
/// exponents, and both ends. Inner points are rounded to 12 significant digits, so
/// that they read well and do not depend on the machine's logarithm.
enum ValueList {
    /// Reads values or a range to draw from; errors are about `subject`.
    static func choices(of text: String, about subject: MessageText) throws(ExperimentError) -> AxisValues {
        if let drawn = entries(of: text).first(where: Distribution.isMeant) {
            guard drawn == text else {
                throw ExperimentError(
                    .invalidValue, about: subject,
                    "'\(text)' mixes values with '\(drawn)'",
                    advice: "give either a list or one range")
            }
            return .sampled(try Distribution(text, about: subject))
        }
        return .list(try values(of: text, about: subject))
    }

    /// Reads the values; errors are about `subject`.
    static func values(of text: String, about subject: MessageText) throws(ExperimentError) -> [String] {
        var values: [String] = []
        for part in entries(of: text) {
            guard !part.isEmpty else {
                throw ExperimentError(
                    .invalidValue, about: subject,
                    "'\(text)' has an empty entry",
                    advice: "give values with single commas between them")
            }
            if part.hasPrefix("log:") || part.hasPrefix("lin:") {
                values += try range(part, about: subject)
            } else {
                values.append(part)
            }
        }
        var spellings: Set<String> = []
        return values.filter { spellings.insert(canonical($0)).inserted }
    }

    /// Schedules: a comma begins another one unless NAME=VALUE or a number follows, which belongs to the schedule before
    /// it.
    static func schedules(of text: String) -> [String] {
        var schedules: [String] = []
        for part in entries(of: text) {
            let continues = part.first(where: { "=:+*".contains($0) }) == "=" || part.first?.isNumber ?? false
            if !schedules.isEmpty, continues {
                schedules[schedules.count - 1] += ",\(part)"
            } else {
                schedules.append(part)
            }
        }
        return schedules.withoutRepeats()
    }

    /// What stands between commas, without the blanks around it.
    private static func entries(of text: String) -> [String] {
        text.split(separator: ",", omittingEmptySubsequences: false).map { $0.withoutOuterBlanks }
    }

    static func isRange(_ text: String) -> Bool {
        text.hasPrefix("log:") || text.hasPrefix("lin:") || Distribution.isMeant(by: text)
    }

    /// Whether two texts are one value: 0.1, 1e-1 and .1 are.
    static func areEqual(_ first: String, _ second: String) -> Bool {
        canonical(first) == canonical(second)
    }

    /// One spelling per number.
    static func canonical(_ text: String) -> String {
        guard let number = Double(decimal: text), number.isFinite else { return text }
        if let integer = Int64(text) ?? Int64(exactly: number) { return String(integer) }
        return "\(number)"
    }

    private static func range(_ text: String, about subject: MessageText) throws(ExperimentError) -> [String] {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isLogarithmic = parts[0] == "log"
        guard parts.count == 4, let low = Double(decimal: parts[1]), let high = Double(decimal: parts[2]),
            let count = Int(parts[3]),
            low.isFinite, high.isFinite
        else {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' is not a range",
                advice: "write log:LOW:HIGH:COUNT, such as log:1e-3:1:9")
        }
        guard low < high, (2...10_000).contains(count) else {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' needs a low end below its high end and a count from 2 to 10000, such as "
                    + "log:1e-3:1:9")
        }
        guard !isLogarithmic || low > 0 else {
            throw ExperimentError(
                .invalidValue, about: subject,
                "'\(text)' starts at \(parts[1]), which has no logarithm",
                advice: "start above 0")
        }
        let inner = (1..<(count - 1)).map { i in
            let fraction = Double(i) / Double(count - 1)
            return isLogarithmic ? between(low, high, fraction) : low + fraction * (high - low)
        }
        return [canonical(parts[1])] + inner.map(rounded) + [canonical(parts[2])]
    }

    /// On a logarithmic scale; the ratio of the ends may be too large for a number.
    static func between(_ low: Double, _ high: Double, _ fraction: Double) -> Double {
        let ratio = high / low
        return ratio.isFinite ? low * pow(ratio, fraction) : pow(low, 1 - fraction) * pow(high, fraction)
    }

    static func rounded(_ value: Double) -> String {
        canonical(String(format: "%.11e", locale: nil, value))
    }
}

extension Array where Element: Hashable {
    /// The same elements, each only where it stands first.
    func withoutRepeats() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
