import TestSupport
import Testing

/// What a person is told who mistypes a flag or a command.
@Suite(.timeLimit(.minutes(30)))
struct UsageMistakeTests {
    @Test(arguments: [
        ("runs --formt csv", "Unknown option '--formt' (did you mean '--format'?); see gradbook runs --help"),
        ("runs -limit 3", "Unknown option '-limit' (did you mean '--limit'?); see gradbook runs --help"),
        ("show 1 --foo", "Unknown option '--foo'; see gradbook show --help"),
        ("run --optimiser adam", "Unknown option '--optimiser' (did you mean '--optimizer'?); see gradbook run --help"),
        (
            "sweep status s --folow",
            "Unknown option '--folow' (did you mean '--follow'?); see gradbook sweep status --help"
        ),
        ("sweep s --seds 1", "Unknown option '--seds' (did you mean '--seeds'?); see gradbook sweep start --help"),
        ("rusn", "there is no command 'gradbook rusn' (did you mean 'runs'?); see gradbook --help"),
        ("rusn --format csv", "there is no command 'gradbook rusn' (did you mean 'runs'?); see gradbook --help"),
        ("frobnicate", "there is no command 'gradbook frobnicate'; see gradbook --help"),
        (
            "sweep satus x",
            "there is no command 'gradbook sweep satus' (did you mean 'status'?); see gradbook sweep --help"
        ),
        ("sweep rates x", "Unexpected argument 'x'; see gradbook sweep start --help"),
        (
            "export rnus",
            "there is no command 'gradbook export rnus' (did you mean 'runs'?); see gradbook export --help"
        ),
        ("gc --yes --dry-run", "--yes and --dry-run contradict each other; give one; see gradbook gc --help"),
    ])
    func `the sentence names the nearest of the command's own, and its help`(line: String, sentence: String) throws {
        let invocation = try Scratch().gradbook(line.split(separator: " ").map(String.init))

        #expect(invocation.exitCode == 64)
        #expect(invocation.error == "gradbook: \(sentence)\n")
    }
}
