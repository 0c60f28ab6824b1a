import TestSupport
import Testing
import TextFormats
import Tracking

/// What joins the conditions of a filter, and the values that are more than one.
struct FilterLanguageTests {
    private let listed: ListedNotebook

    init() throws {
        listed = try ListedNotebook()
    }

    @Test(arguments: [
        ("optimizer=adam or lr=0.01", [1, 3, 4, 5]), ("optimizer=adam and lr=0.01", [3]),
        ("lr=0.5 or lr=0.1 optimizer=sgd", [2, 5, 6]), ("(lr=0.5 or lr=0.1) optimizer=sgd", [2, 6]),
        ("not optimizer=adam", [1, 2, 6]), ("NOT NOT optimizer=adam", [3, 4, 5]),
        ("not (tag=keep or state=done)", [4, 5, 6]), ("not(tag=keep)", [1, 4, 5, 6]),
        // What has no value is not below anything, so it is among those that are not.
        ("not final_loss<0.4", [1, 2, 4, 5]), ("(min(loss)@step=3)", [1, 2, 3, 6]), ("id=1or id=2", []),
        ("id=1 or(id=2)", [1, 2]), ("(id=1)or(id=2)", [1, 2]), ("((id=1))", [1]), ("( id=1 )", [1]),
        ("name='(x' or id=2", [2]), ("(name=f(x) or id=2)", [2]),
        // As ever: outside of a group a parenthesis is a sign like any other.
        ("name=x) or id=3", [3]), ("or=1 or id=1", []),
    ])
    func `words and parentheses join conditions`(filter: String, expected: [Int64]) throws {
        if filter.hasPrefix("or=") || filter.contains("1or") {
            #expect(throws: TrackingError.self) { try listed.ids(filter) }
        } else {
            #expect(try listed.ids(filter) == expected)
        }
    }

    @Test(arguments: [
        ("lr=0.05..0.2", [2, 4]), ("lr!=0.05..0.2", [1, 3, 5, 6]), ("id=1,3..4,6", [1, 3, 4, 6]), ("id=2..2", [2]),
        ("momentum=0..1", [1, 2, 6]), ("momentum!=0..1", [3, 4, 5]), ("name=1..2", []),
        ("final_loss=0.3..0.6", [2, 3]),
        ("final_loss!=0.3..0.6", [1, 4, 5, 6]), ("id=-5..1e0", [1]),
    ])
    func `a range has both its ends`(filter: String, expected: [Int64]) throws {
        #expect(try listed.ids(filter) == expected)
    }

    @Test(arguments: [
        ("name=~/^the/", [2]), ("name=~/^good/", []), ("name=~/GOOD/", []), ("name=~/GOOD/i", [2]),
        ("name!=~/good/", [1, 3, 4, 5, 6]), ("tag=~/^k..p$/", [2, 3]), ("tag!=~/^Ü/", [1, 3, 4, 5, 6]),
        ("optimizer=~/^a/,~/^s/", [1, 2, 3, 4, 5, 6]), ("(optimizer=~/(a|b)d/ or id=1) id<4", [1, 3]),
        (#"name=~/a\/b/"#, []), (#"config=~/"lr":0\.0\d/"#, [1, 3]), ("name=~/good one/", [2]),
        ("name~/good/", []), ("state=~/^d/", [1, 2, 3, 6]), ("name='~/x/'", []),
    ])
    func `a regular expression matches a part of a text`(filter: String, expected: [Int64]) throws {
        #expect(try listed.ids(filter) == expected)
    }

    @Test(arguments: [
        ("created>-1d", [3, 4, 5, 6]), ("created_at<-1d", [1, 2]), ("created>-3h", [3, 4, 5, 6]),
        ("created>-120m", [4, 5, 6]), ("created>-120min", [4, 5, 6]), ("created>-1w", [1, 2, 3, 4, 5, 6]),
        ("created>-0s", []), ("created>-99999999999999999999w", [1, 2, 3, 4, 5, 6]), ("created=2026-01-01", [2]),
        ("created=2025", [1]), ("created!=2026-01-02", [1, 2]), ("created=2026-01-01..2026-01-02", [2, 3, 4, 5, 6]),
        ("created=2026-01-02T01:00", [3]), ("created='2026-01-02 01:00'", [3]), ("created=-2d..-2h", [1, 2, 3]),
        ("created>=2026-01-02", [3, 4, 5, 6]), ("created<2026-01-01", [1]),
        ("created=2026-01-02T03:04:05Z", [4, 5, 6]),
        ("created<2026-01-02 01:00 id<3", [1, 2]), ("(created=2026-01-02  01:00..2026-01-02 02:00)", [3]),
        ("created<=2026-01-01", [1, 2]), ("created>2026-01-01", [3, 4, 5, 6]), ("created>2026-01-02", []),
        ("not created<=2026-01", []), ("created>2024-02-29", [1, 2, 3, 4, 5, 6]),
        ("deleted=none", [1, 2, 3, 4, 5, 6]), ("deleted!=none", []), ("created~01-01T", [2]),
        ("created=~/^2025/", [1]), ("not created>-1d", [1, 2]),
    ])
    func `a time is a date in UTC or so long ago`(filter: String, expected: [Int64]) throws {
        // The notebook's clock stands at 2026-01-02T03:04:05Z.
        try listed.notebook.execute("UPDATE runs SET created_at = '2026-01-02T03:04:05.000Z'")
        try listed.notebook.execute("UPDATE runs SET created_at = '2025-12-31T23:59:59.999Z' WHERE id = 1")
        try listed.notebook.execute("UPDATE runs SET created_at = '2026-01-01T00:00:00.000Z' WHERE id = 2")
        try listed.notebook.execute("UPDATE runs SET created_at = '2026-01-02T01:00:00.000Z' WHERE id = 3")

        #expect(try listed.ids(filter) == expected)
    }

    @Test(arguments: [
        ("lr='0.1'", [2, 4]), ("lr!='0.1'", [1, 3, 5, 6]), ("id>=\"5\"", [5, 6]), ("lr='0.05..0.2'", [2, 4]),
        ("momentum='0.9'", [1, 2, 6]), ("momentum!='0.9'", [3, 4, 5]), ("momentum<'1'", [1, 2, 6]),
        ("optimizer.lr='0.01'", [1, 3]), ("min(loss)@step='3'", [1, 2, 3, 6]), ("seed='7' id='2'", [2]),
        ("name='1'", []), ("optimizer='adam'", [3, 4, 5]),
    ])
    func `a number in quotes is a number where the column has numbers`(filter: String, expected: [Int64]) throws {
        #expect(try listed.ids(filter) == expected)
    }

    @Test
    func `a setting that is text here and a number there is found as either`() throws {
        try listed.notebook.execute("UPDATE runs SET config = replace(config, '0.2', '\"0.2\"') WHERE id < 3")

        #expect(try listed.ids("noise='0.2'") == [1, 2, 3, 4, 5, 6])
        #expect(try listed.ids("noise!='0.2'") == [])
        #expect(try listed.ids("noise=0.2") == [3, 4, 5, 6])
    }

    @Test(arguments: [
        ("batch_size=full", [2]), ("batch!=full", [1, 3, 4, 5, 6]), ("batch_size='full' or id=1", [1, 2]),
        ("batch_size=none", []),
    ])
    func `a batch of all samples is asked for by its word`(filter: String, expected: [Int64]) throws {
        try listed.notebook.execute(
            "UPDATE runs SET config = replace(config, '\"seed\"', '\"batch_size\":\"full\",\"seed\"') WHERE id = 2")

        #expect(try listed.ids(filter) == expected)
    }

    @Test(arguments: [
        ("nesterov=yes", [1, 2]), ("nesterov=TRUE", [1, 2]), ("nesterov='true'", [1, 2]), ("nesterov=No", [3]),
        ("nesterov!=false", [1, 2, 4, 5, 6]), ("nesterov=1", [1, 2]), ("nesterov=none", [4, 5, 6]),
        ("unstable=True", []), ("unstable=FALSE", [1, 2, 3]), ("unstable=no", [1, 2, 3]), ("unstable~o", [1, 2, 3]),
    ])
    func `yes and no have the same words everywhere`(filter: String, expected: [Int64]) throws {
        try listed.notebook.execute(
            "UPDATE runs SET config = replace(config, '\"noise\"', '\"nesterov\":' || iif(id < 3, 'true', 'false') || ',\"noise\"') WHERE id < 4"
        )
        #expect(try listed.ids(filter) == expected)

        let error = #expect(throws: TrackingError.self) { try listed.ids("nesterov!=maybe") }
        #expect(error?.description == "no run can have nesterov 'maybe'; there are yes, no, true, false")
    }

    @Test(arguments: [
        ("(id=1", "the filter '(id=1' has a '(' without its ')'"),
        ("id=1 )", "the filter 'id=1 )' has a ')' without its '('"),
        ("()", "the filter '()' has no condition before ')'; write for instance lr<0.1"),
        ("id=1 or", "the filter 'id=1 or' has no condition at its end; write for instance lr<0.1"),
        ("id=1 and or id=2", "the filter 'id=1 and or id=2' needs a name"),
        ("not", "the filter 'not' has no condition at its end"),
        ("lr=1..0.1", "the range '1..0.1' has its larger end first; write lr=0.1..1"),
        ("lr<1..2", "'1..2' is not a number, and lr is one"),
        ("created=2026..2025", "the range '2026..2025' has its later end first; write created=2025..2026"),
        ("lr~0.1", "~ and !~ are for text, and lr is a number; write for instance lr=0.1"),
        ("id!~1", "~ and !~ are for text, and id is a number; write for instance id!=10"),
        ("created>yesterday", "'yesterday' is no time, and created is one; write for instance created>-2d"),
        ("created<2026-13-45", "'2026-13-45' is no date, because there is no month 13; write for instance created>-2d"),
        ("created>2026-02-30", "'2026-02-30' is no date, because 2026-02 has the days 1 to 28"),
        ("created=2100-02-29..2101", "'2100-02-29' is no date, because 2100-02 has the days 1 to 28"),
        ("created<2026-99-99T99:99", "'2026-99-99T99:99' is no time, because there is no month 99"),
        ("created<2026-11-30T24:00", "'2026-11-30T24:00' is no time, because there is no hour 24"),
        ("created<2026-11-30 10:61", "'2026-11-30 10:61' is no time, because there is no minute 61"),
        ("lr!='fast'", "'fast' is not a number, and lr is one; write for instance lr<0.1"),
        ("lr!='none'", "'none' is not a number"),
        ("seed<x", "'x' is not a number, and seed is one; write for instance seed<10"),
        ("id=~/1/", "a regular expression is for text, and id is a number; write for instance id=10..20"),
        ("batch=ful", "'ful' is not a number, and batch is one; write for instance batch<10, or batch=full"),
        ("batch<full", "'full' is not a number"),
        ("min(loss)@step>x", "'x' is not a number, and min(loss)@step is one; write for instance min(loss)@step<10"),
        ("lr=0.1)", "'lr=0.1)' has a ')' without its '('; write lr=0.1"),
        ("state=done)", "'state=done)' has a ')' without its '('; write state=done"),
        ("created>-2d)", "'created>-2d)' has a ')' without its '('"),
        (
            "or lr=1",
            "the filter 'or lr=1' needs a name, one of = != < <= > >= ~ !~ and a value at 'or lr=1'; write for"
        ),
        (
            "lr=1 && id=2",
            "the filter 'lr=1 && id=2' needs a name, one of = != < <= > >= ~ !~ and a value at '&& id=2'; write and"
        ),
        ("created>-2y", "'-2y' is no time"), ("lr=~/1/", "a regular expression is for text, and lr is a number"),
        ("name=~/(/", "'(' is no regular expression"),
        ("name=~/x", "the filter 'name=~/x' has a regular expression without its last /"),
        (#"name=~/x\/"#, #"the filter 'name=~/x\/' has a regular expression without its last /"#),
        ("name=~//", "the filter 'name=~//' has a regular expression without"),
        ("name=~/x/g", "the filter 'name=~/x/g' needs a blank before 'g'"),
    ])
    func `what makes no sense is explained`(filter: String, explanation: String) {
        let error = #expect(throws: TrackingError.self) { try listed.ids(filter) }

        #expect(error?.code == .invalidQuery)
        #expect(error?.description.hasPrefix(explanation) == true, "\(error?.description ?? "")")
    }

    @Test
    func `a hostile filter ends with a sentence`() throws {
        let open = { (count: Int) in String(repeating: "(id=9 or id<8 (id<9 or ", count: count) }
        let close = { (count: Int) in String(repeating: "))", count: count) }
        let letters = String(repeating: "a", count: 5000)
        try listed.notebook.execute("UPDATE runs SET name = '\(letters)' WHERE id = 1")

        #expect(try listed.ids(open(10) + "id=1" + close(10)) == [1, 2, 3, 4, 5, 6])
        // As wide and as deep as it gets, with every kind of condition at the bottom.
        let condition = "tag!~kep created!=2020-01-01..2020-01-02,2021 name!=~/qq/ min(loss)@step!=7 state!=queued"
        #expect(try listed.ids(tree(9, condition)) == [1, 2, 3, 5, 6])
        #expect(try listed.ids("not (not " + tree(8, condition) + ")") == [1, 2, 3, 5, 6])
        #expect(try listed.ids(String(repeating: "not ", count: 20_001) + "id=1") == [2, 3, 4, 5, 6])
        #expect(try listed.ids("id=" + (1...10_000).map { String(2 * $0) }.joined(separator: ",")) == [2, 4, 6])
        #expect(try listed.ids((1...5000).map { "id=\($0 * 3)" }.joined(separator: " or ")) == [3, 6])
        for (filter, explanation) in [
            (open(11) + "id=1" + close(11), "has more than 20 parentheses inside each other"),
            ("id=" + (1...10_001).map(String.init).joined(separator: ","), "has more than 10000 values; write ranges"),
            (String(repeating: "id=1 ", count: 50_000), "is longer than 200000 bytes"),
            ("name=~/\(String(repeating: "x", count: 1001))/", "is longer than 1000 characters"),
            ("name=~/(a+)+$b/", "takes too many steps on 'aaaa"), ("name=~/(a|aa)+b/", "takes too many steps"),
            ("name=~/(.*)(.*)(.*)(.*)x/", "takes too many steps"),
        ] {
            let error = #expect(throws: TrackingError.self) { try listed.ids(filter) }
            #expect(error?.description.contains(explanation) == true, "\(error?.description.prefix(200) ?? "")")
        }
    }

    private func tree(_ depth: Int, _ condition: String) -> String {
        guard depth > 0 else { return depth == 0 ? "(\(condition))" : condition }
        let part = depth > 6 ? "id>0" : tree(depth - 1, condition)
        return "(\(part) and not (id=99 or not \(tree(depth - 1, condition))))"
    }

    @Test
    func `any filter finds what its parts say`() throws {
        let parts: [(text: String, ids: Set<Int64>)] = [
            ("optimizer=adam", [3, 4, 5]), ("lr<0.1", [1, 3]), ("tag=keep", [2, 3]), ("final_loss>=0.5", [1, 2]),
            ("name~good", [2]), ("state=done,diverged", [1, 2, 3, 6]), ("id=2..4", [2, 3, 4]),
            ("momentum=none", [3, 4, 5]),
            ("min(loss)@step=2", []), ("tag=~/Ü/", [2]),
        ]
        var random = SplitMix(seed: TestTier.seed)
        func make(_ depth: Int) -> (text: String, ids: Set<Int64>) {
            guard depth > 0, let kind = (0..<4).randomElement(using: &random), kind > 0 else {
                return parts[Int.random(in: parts.indices, using: &random)]
            }
            let (first, second) = (make(depth - 1), make(depth - 1))
            switch kind {
            case 1: return ("not (\(first.text))", Set(1...6).subtracting(first.ids))
            case 2: return ("(\(first.text)) or (\(second.text))", first.ids.union(second.ids))
            default: return ("((\(first.text)) and (\(second.text)))", first.ids.intersection(second.ids))
            }
        }
        for _ in 0..<60 {
            let (text, expected) = make(4)
            #expect(try Set(listed.ids(text)) == expected, "\(text), GRADBOOK_SEED=\(TestTier.seed)")
        }
    }

    @Test
    func `filters that are joined keep their own alternatives`() throws {
        var request = RunListingRequest()
        request.filter = try RunFilter("id=1 or id=2").and(RunFilter("optimizer=sgd")).and(
            RunFilter("lr=0.1 or lr=0.5"))
        request.columns = ["id"]

        #expect(try listed.store.runs.list(request) { _ in true }.rows == [[.integer(2)]])
        #expect(try RunFilter("") == .all && RunFilter(" ").and(.all) == .all)
        #expect(try listed.ids("unstable=no or id=4") == [1, 2, 3, 4])
    }
}
