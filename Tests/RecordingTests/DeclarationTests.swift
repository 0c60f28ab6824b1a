import Testing
import TextFormats

@testable import Recording

/// What a line says besides values.
struct DeclarationTests {
    private func line(_ text: String) throws -> LoggedLine {
        var reader = LineReader()
        return try reader.read(text)
    }

    @Test
    func `a configuration keeps its tree and its numbers as they are written`() throws {
        let line = try line(
            #"{"@config": {"lr": 1e-3, "betas": [0.9, 0.999], "n": {"deep": true, "x": null}, "bad": NaN, "lr": 2}}"#)

        #expect(
            line.declarations == [
                .config([
                    .init(name: "lr", value: .number("1e-3")),
                    .init(name: "betas", value: .list([.number("0.9"), .number("0.999")])),
                    .init(
                        name: "n",
                        value: .object([
                            .init(name: "deep", value: .word("true")), .init(name: "x", value: .word("null")),
                        ])),
                    .init(name: "bad", value: .string("NaN")),
                ])
            ])
        #expect(line.duplicates == 1)
    }

    @Test
    func `summary, tags, note, files and the end are read in their order`() throws {
        let line = try line(
            #"{"@summary": {"best": {"acc": 0.5}}, "@tags": ["a", "b"], "@note": "n", "@file": {"path": "p", "name": "q"}, "@end": {"state": "failed", "reason": "r"}, "loss": 1}"#
        )

        #expect(
            line.declarations == [
                .summary([LoggedEntry("best/acc", .real(0.5))]), .tags(["a", "b"]), .note("n"),
                .file(LoggedFile(path: "p", name: "q")),
                .end(LoggedEnd(state: .failed, reason: "r")),
            ])
        #expect(line.values == [LoggedEntry("loss", .integer(1))])
    }

    @Test
    func `a file may be its path alone and an end its state`() throws {
        let line = try line(#"{"@file": "model.pt", "@end": {"state": "done"}}"#)

        #expect(
            line.declarations == [
                .file(LoggedFile(path: "model.pt", name: nil)), .end(LoggedEnd(state: .done, reason: nil)),
            ])
    }

    @Test
    func `tensors have norms, infinite ones too`() throws {
        let line = try line(
            #"{"step": 4, "@tensors": {"w": {"norm": 1.5, "gradient_norm": Infinity, "nonfinite": 3}, "b": {"update_norm": null}}}"#
        )

        #expect(
            line.declarations == [
                .tensors([
                    LoggedTensor(name: "w", norm: .real(1.5), gradientNorm: .real(.infinity), nonfinite: .integer(3)),
                    LoggedTensor(name: "b"),
                ])
            ])
    }

    @Test
    func `lists of keys have numbers, and keep the place of a key that is refused`() throws {
        let line = try line(
            #"{"pid": 9, "@keys": {"0": ["a", "step", "a", "", 3, "b"], "256": ["c"], "x": [], "255": []}}"#)

        #expect(
            line.declarations == [
                .keys(KeyList(number: 0, keys: [LoggedKey("a"), nil, nil, nil, nil, LoggedKey("b")])),
                .keys(KeyList(number: 255, keys: [])),
            ])
        #expect(line.refusals.count == 6)
    }

    @Test(arguments: [
        (#"{"@config": 3}"#, "@config is 3; it must be an object"),
        (#"{"@tags": "a"}"#, "@tags is \"a\"; it must be a list of strings"),
        (#"{"@note": {}}"#, "@note is {}; it must be a string"),
        (#"{"@file": ""}"#, "@file is \"\"; it must be a path, or an object with a path"),
        (#"{"@file": {"name": "q"}}"#, "@file is {\"name\": \"q\"}; it must be a path, or an object with a path"),
        (
            #"{"@end": {"state": "over"}}"#,
            "@end is {\"state\": \"over\"}; it must be an object whose state is done or failed"
        ),
        (#"{"@summary": []}"#, "@summary is []; it must be an object"),
        (#"{"@tensors": {"w": 3}}"#, "@tensors is 3; it must be an object of numbers for each tensor"),
        (#"{"@tensors": {"w": {"norm": "x"}}}"#, "the norm of a tensor is \"x\"; it must be a number"),
        (#"{"@tensors": {"w": {"mean": 1}}}"#, "a tensor has no mean"),
        (#"{"@other": 1}"#, "@other is no key of the protocol; keys of metrics begin otherwise"),
        (#"{"time": "now"}"#, "the time is \"now\"; it must be seconds since 1970"),
        (#"{"pid": -1}"#, "the pid is -1; it must be a process's number"),
    ])
    func `what is not as it must be is refused with a sentence`(text: String, sentence: String) throws {
        let line = try line(text)

        #expect(line.refusals.sentences == [sentence])
    }
}
