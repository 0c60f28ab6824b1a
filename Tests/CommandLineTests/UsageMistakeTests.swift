import TestSupport
import Testing

/// What a person is told who mistypes a flag or a command.
@Suite(.timeLimit(.minutes(5)))
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
        (
            "sweep show foo --db x.db",
            "'show' is a command and no name of a sweep; gradbook sweep status foo --db x.db shows it"
        ),
        ("sweep rm lrs", "'rm' is a command and no name of a sweep; gradbook delete --sweep lrs deletes it"),
        ("sweep help", "'help' is a command and no name of a sweep; gradbook sweep --help explains them"),
        ("sweep list x", "'list' is a command and no name of a sweep; gradbook sweeps lists sweeps"),
        (
            "sweep delete --help",
            "'delete' is a command and no name of a sweep; gradbook delete --sweep NAME deletes one"
        ),
        (
            "sweep best --lr 0.1",
            "'best' is a command and no name of a sweep; gradbook sweep best --help explains it"
        ),
        ("sweep -dash --lr 0.1", "Unknown option '-dash'; see gradbook sweep start --help"),
        (
            "sweep extend cars --momentum 0.5 --dry-run",
            "Unknown option '--momentum' (did you mean '--set momentum=0.5'?); see gradbook sweep extend --help"
        ),
        ("tag 1 -x", "Unknown option '-x'; see gradbook tag --help"),
        (
            "run --nesterov",
            "Unknown option '--nesterov' (did you mean '--set nesterov=true'?); see gradbook run --help"
        ),
        ("run --learning-rate=1", "Unknown option '--learning-rate' (did you mean '--lr'?); see gradbook run --help"),
        ("fork 1 --at 2 --lr 0.3", "Unknown option '--lr' (did you mean 'lr=0.3'?); see gradbook fork --help"),
        ("runs --csv", "Unknown option '--csv' (did you mean '--format csv'?); see gradbook runs --help"),
        ("report s --output x", "Unknown option '--output' (did you mean '--out'?); see gradbook report --help"),
        ("runs --head 3", "Unknown option '--head' (did you mean '--limit'?); see gradbook runs --help"),
        ("show --head 3", "Unknown option '--head'; see gradbook show --help"),
        ("sweep s -j 3", "Unknown option '-j' (did you mean '--workers'?); see gradbook sweep start --help"),
        ("undelete 1", "there is no command 'gradbook undelete' (did you mean 'restore'?); see gradbook --help"),
        (
            "delete 1 --yes",
            "Unknown option '--yes' (gradbook delete asks nothing, and needs none); see gradbook delete --help"
        ),
        (
            "--db x.db runs",
            "'--db' stands before the command, and options stand behind it; write gradbook runs --db x.db"
        ),
        (
            "sweep --db runs status lrs",
            "'--db' stands before the command, and options stand behind it; write gradbook sweep status lrs --db runs"
        ),
        (
            "runs --format xlsx",
            "--format: 'xlsx' is not one of table, json, jsonl, csv, tsv, markdown; see gradbook runs --help"
        ),
        (
            "--db m.db note 1 -- -x",
            "'--db' stands before the command, and options stand behind it; write gradbook note 1 --db m.db -- -x"
        ),
        ("run --skiprows 1", "Unknown option '--skiprows' (did you mean '--skip-lines'?); see gradbook run --help"),
        ("runs --tail 2", "Unknown option '--tail'; see gradbook runs --help"),
        ("fork 1 --at 3 --dtype float32", "Unknown option '--dtype'; see gradbook fork --help"),
        ("runs -n x", "--limit: 'x' is not a whole number; give for example 5; see gradbook runs --help"),
        (
            "run --data d.csv --y y --x -n",
            "Missing value for '--x <column>'; if '-n' is its value, write --x=-n; see gradbook run --help"
        ),
        ("run --x --y y", "Missing value for '--x <column>'; see gradbook run --help"),
        ("gc --yes --dry-run", "--yes and --dry-run contradict each other; give one; see gradbook gc --help"),
    ])
    func `the sentence names the nearest of the command's own, and its help`(line: String, sentence: String) throws {
        let invocation = try Scratch().gradbook(line.split(separator: " ").map(String.init))

        #expect(invocation.exitCode == 64)
        #expect(invocation.error == "gradbook: \(sentence)\n")
    }

    @Test(arguments: ["runs --csv --help", "sweep -h", "help sweep", "sweep --help", "runs -qh"])
    func `whoever asks for help gets it`(line: String) throws {
        let invocation = try Scratch().gradbook(line.split(separator: " ").map(String.init))

        #expect(invocation.exitCode == 0 && invocation.output.hasPrefix("OVERVIEW: "))
    }

    @Test
    func `what looks like an option is a value where one is wanted`() throws {
        #expect(try Scratch().gradbook("run", "--name", "--foo").error.contains("Missing value for '--name"))
        #expect(
            try Scratch().gradbook("sweep", "s", "--lr", "-x", "--seeds", "1").error.contains("'-x' is not a number"))
        #expect(
            try Scratch().gradbook("sweep", "extend", "s", "--", "--foo").error.contains("Unexpected argument '--foo'"))
    }

    @Test
    func `a sweep that is extended by nothing has to be there`() throws {
        let scratch = try Scratch()
        try scratch.gradbook("sweep", "s", "--seeds", "1", "--steps", "2", "--enqueue-only", "--lr", "0.1")

        #expect(try scratch.gradbook("sweep", "extend", "t").error.hasPrefix("gradbook: there is no sweep 't' in"))
        #expect(try scratch.gradbook("sweep", "extend", "s").error.hasPrefix("gradbook: there is nothing to add; "))
    }
}
