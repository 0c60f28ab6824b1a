import TestSupport

/// Values that programs stumble over, and changes of texts and bytes.
enum NastyText {
    static let values = [
        "", " ", "-", "--", "---", "0", "-0", "-0.0", "1", "-1", "00", "1e308", "1e309", "-1e400", "1e-400", "nan",
        "NaN",
        "inf", "-Infinity", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551616",
        "4611686018427387904", "2147483648", "1,2", "1..", "..", "1..9223372036854775807", "5..1", "log:1:2:3",
        "log:0:1:3",
        "lin:1:2:99999999999", "uniform:2:1", "true", "null", "[]", "{}", "a=b", "=", "a=", "=b", "x=1,x=2", "last",
        "best:",
        "best:s", "'", "\"", "`", "\\", "$(touch EXECUTED)", "`touch EXECUTED`", "; touch EXECUTED",
        "a\ntouch EXECUTED\nb",
        "|touch EXECUTED", "%s%n%d", "\u{1B}[31mred\u{7}", "\u{202E}abc", "\u{0}", "\u{85}", "é", "e\u{301}", "日本語",
        "🧪👩‍👩‍👧",
        "../../etc/passwd", "/dev/null", "/dev/zero", ".", "..", "/", "notebook.db", "missing.db", "a/b/c", "-x",
        "--db",
        "'; DROP TABLE runs; --", "\"; DROP TABLE runs; --",
        "x\"); ATTACH 'victim.db' AS v; DELETE FROM v.quadratic_steps; --",
        "<script>alert(1)</script>", "[a](javascript:b)", "|a|b|", "# a", "${HOME}", "~", "{a,b}", "*", "?", "sgd",
        "adam",
        "optimizer=sgd", "state=done or", "((((((((((", "loss<1e-3", "loss<=nan", "run:1", "sweep:s",
    ]

    static func value(_ random: inout SplitMix) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0:
            String(
                repeating: values.randomElement(using: &random) ?? "a", count: Int.random(in: 2...40, using: &random))
        case 1: String(repeating: "a", count: 20_000)
        case 2: "\(Int.random(in: -1000...1000, using: &random))"
        case 3: "\(Double.random(in: -1e6...1e6, using: &random))"
        default: values.randomElement(using: &random) ?? ""
        }
    }

    /// The text with a few changes: characters removed, doubled, replaced, cut off, or something nasty put in.
    static func changed(_ text: String, _ random: inout SplitMix) -> String {
        var characters = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...characters.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where place < characters.count: characters.remove(at: place)
            case 1 where place < characters.count: characters.insert(characters[place], at: place)
            case 2 where place < characters.count:
                characters[place] =
                    "0123456789eE+-.,;:\"'{}[]\n\r\t\u{0}".unicodeScalars.randomElement(using: &random) ?? "0"
            case 3: characters.insert(contentsOf: value(&random).unicodeScalars, at: place)
            case 4 where Bool.random(using: &random): characters.removeSubrange(place...)
            default:
                let end = min(characters.count, place + Int.random(in: 0...30, using: &random))
                characters.insert(contentsOf: characters[place..<end], at: place)
            }
        }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: characters)
        return String(scalars)
    }

    static func changed(_ bytes: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        var bytes = bytes
        if bytes.isEmpty { return bytes }
        if Int.random(in: 0..<10, using: &random) == 0 {
            return Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        }
        for _ in 0..<Int.random(in: 1...20, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : bytes[place] ^ 1
        }
        return bytes
    }
}
