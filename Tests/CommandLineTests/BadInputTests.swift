import Foundation
import TestSupport
import Testing

/// Every mistake gets one sentence and a non-zero exit, and nothing is written.
@Suite(.timeLimit(.minutes(5)))
struct BadInputTests {
    struct Mistake: CustomTestStringConvertible {
        let arguments: [String]
        /// What the sentence must name: the offending value, and the fix where one is known.
        let names: [String]

        init(_ arguments: String, names: String...) {
            self.arguments = arguments.split(separator: " ").map(String.init)
            self.names = names
        }

        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Mistake("run --optimizer sdg", names: "'sdg'", "did you mean 'sgd'", "adam"),
        Mistake("run --optimizer SGD", names: "--optimizer", "'SGD'", "did you mean 'sgd'"),
        Mistake("run --lr 0", names: "--lr", "'0'", "above 0"),
        Mistake("run --lr -0.1", names: "--lr", "'-0.1'", "above 0"),
        Mistake("run --lr nan", names: "--lr", "'nan' is not a number"),
        Mistake("run --lr inf", names: "--lr", "'inf' is not a number"),
        Mistake("run --lr fast", names: "--lr", "'fast' is not a number", "0.01"),
        Mistake("run --batch-size 0", names: "--batch-size", "'0'", "full"),
        Mistake("run --batch-size 101", names: "--batch-size", "101", "100 samples"),
        Mistake("run --steps 0", names: "--steps", "'0'"),
        Mistake("run --steps 5 --epochs 5", names: "--steps and --epochs"),
        Mistake("run --epochs 1000000000 --batch-size 1", names: "steps"),
        Mistake("run --seed -1", names: "-1", "--rng torch"),
        Mistake("run --seed 1.5", names: "--seed", "'1.5'"),
        Mistake("run --set beta1=0.5", names: "--set", "'beta1'", "sgd", "momentum"),
        Mistake("run --set nesterov=true", names: "nesterov", "momentum=0.9"),
        Mistake("run --optimizer SGD", names: "--optimizer", "did you mean 'sgd'"),
        Mistake("run --set lr=0.5", names: "--set", "'lr'", "--lr 0.5"),
        Mistake("run --optimizer adam --set beta1=1", names: "beta1", "'1'", "[0, 1)"),
        Mistake("run --optimizer adam --set eps=-1", names: "--set", "eps", "'-1'"),
        Mistake("run --optimizer rprop --set eta_minus=1", names: "--set", "eta_minus", "'1'"),
        Mistake("run --set b.lr=-0.1", names: "--set", "lr", "'-0.1'"),
        Mistake("run --set c.lr=0.1", names: "--set", "'c'", "w, b"),
        Mistake("run --schedule cosin:total=5", names: "--schedule", "'cosin'", "did you mean 'cosine'", "warmup"),
        Mistake("run --schedule cosine:totl=5", names: "--schedule", "'totl'", "did you mean 'total'", "min"),
        Mistake("run --schedule cosine", names: "--schedule", "needs total"),
        Mistake("run --schedule plateau+constant", names: "--schedule", "never ends"),
        Mistake("run --schedule constant,exponential:gamma=0.9", names: "--schedule", "gradbook sweep"),
        Mistake("run --clip 3", names: "--clip", "'3'", "norm=1"),
        Mistake("run --clip norm=-1", names: "--clip", "-1"),
        Mistake("run --stop-when patience=0", names: "--stop-when", "0", "50"),
        Mistake("run --stop-when excess=1e-40", names: "--stop-when", "1e-40", "rounding"),
        Mistake("run --stop-when speed=3", names: "--stop-when", "'speed=3'", "loss=1e-3"),
        Mistake("run --sampling dropped", names: "--sampling", "'dropped'", "shuffled-drop-last"),
        Mistake("sweep s --schedule constant,consine:total=5", names: "--schedule", "'consine'"),
        Mistake("run --set momentum", names: "'momentum'", "NAME=VALUE"),
        Mistake("run --recipe pasta", names: "--recipe", "'pasta'", "numpy"),
        Mistake("graph --model cubic", names: "--model", "'cubic'", "quadratic"),
        Mistake("run --loss huber", names: "--loss", "'huber'", "mse"),
        Mistake("run --init w=1", names: "--init", "'w=1'", "w=0.5,b=0"),
        Mistake("run --x speed", names: "--x", "'speed'", "--data"),
        Mistake("run --data missing.csv --x a --y b", names: "'missing.csv'"),
        Mistake("run --samples 1000000000", names: "--samples", "at most 1000000"),
        Mistake("run --noise 1e308", names: "too large"),
        Mistake("run --samples 0", names: "--samples", "'0'"),
        Mistake("sweep s --lr log:0:1:5", names: "log:0:1:5", "logarithm"),
        Mistake("sweep s --lr log:1:0.1:3", names: "log:1:0.1:3"),
        Mistake("sweep s --lr 0.1,,0.2", names: "--lr", "empty"),
        Mistake("sweep s --lr 0.1,0", names: "--lr", "'0'"),
        Mistake("sweep s --lr uniform:0:1", names: "--lr", "'uniform:0:1'", "--search random"),
        Mistake("sweep s --lr loguniform:0:1 --search random --trials 5", names: "--lr", "no logarithm"),
        Mistake("sweep s --search tpe --trials 5", names: "--search", "'tpe'", "sobol"),
        Mistake("sweep s --search random", names: "--search random", "--trials 32"),
        Mistake("sweep s --trials 5", names: "--trials", "'5'", "--search random"),
        Mistake("sweep s --lr lin:0.1:1:1000 --set momentum=lin:0:0.9:200 --seeds 1", names: "200000 runs", "--yes"),
        Mistake("sweep s --lr lin:0.1:1:1000 --set momentum=lin:0:0.9:1000 --seeds 1..1000", names: "1000000 runs"),
        Mistake("run --lr uniform:0:1", names: "--lr", "'uniform:0:1'", "gradbook sweep"),
        Mistake("sweep s --seeds 5..1", names: "--seeds", "'5..1'"),
        Mistake("sweep s --seeds 1..9999999", names: "--seeds", "1..9999999"),
        Mistake("sweep s --workers 0", names: "--workers", "0"),
        Mistake("sweep s --set momentun=0.9", names: "'momentun'", "'momentum'?"),
        Mistake("sweep s --optimizer sgd,adam --set momentum=0.9", names: "'momentum'", "adam", "if optimizer="),
        Mistake("report nothing", names: "gradbook.db"),
        Mistake("frobnicate", names: "frobnicate"),
        Mistake("run --frobnicate", names: "--frobnicate"),
        Mistake("run --lr 0.01,0.1", names: "--lr", "'0.01,0.1'", "gradbook sweep"),
        Mistake("run --lr 0x1p-3", names: "--lr", "'0x1p-3'"),
        Mistake("run --set momentum=0.5 --set momentum=0.9", names: "--set", "'momentum'", "twice"),
        Mistake("run --set momentum=high", names: "--set", "momentum", "'high'"),
        Mistake("sweep s --batch-size 1e1", names: "--batch-size", "'1e1'"),
        Mistake("sweep s --set momentum=0.5 --set momentum=0.9", names: "--set", "'momentum'", "twice"),
        Mistake("sweep 12", names: "'12' is no name"),
        Mistake("run --name 12", names: "'12' is no name"),
        Mistake("run --name last", names: "'last' is no name", "it means the last run"),
        Mistake("sweep best:rates", names: "'best:rates' is no name", "colon"),
        Mistake("runs --columns ,", names: "--columns", "','", "id,lr"),
        Mistake("run --lrr 0.1", names: "'--lrr'", "'--lr'"),
        Mistake("run extra", names: "'extra'"),
        Mistake("run --durability paper", names: "'paper'", "step", "batch", "power-safe"),
        Mistake("run --format xml", names: "'xml'", "table", "json"),
        Mistake("sweep", names: "<name>"),
        Mistake("report first --every 0", names: "--every", "'0'"),
    ])
    func `a mistake is answered with one sentence that names it`(_ mistake: Mistake) throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(mistake.arguments)

        #expect(invocation.exitCode != 0)
        #expect(invocation.output.isEmpty)
        #expect(invocation.error.hasPrefix("gradbook: "))
        #expect(invocation.error.split(separator: "\n").count == 1, "\(invocation.error)")
        for name in mistake.names { #expect(invocation.error.contains(name), "\(invocation.error)") }
        #expect(try scratch.contents().isEmpty)
    }

    @Test(arguments: [["run", "--name", "a\nb"], ["run", "--name", " "], ["sweep", "a\tb"], ["sweep", ""]])
    func `a name that is not one line is refused`(_ command: [String]) throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(command + ["--steps", "1"])

        #expect(invocation.exitCode == 64)
        #expect(invocation.error.contains("is no name"), "\(invocation.error)")
        #expect(try scratch.contents().isEmpty)
    }

    @Test(arguments: [
        (file: "x,y\n1,2\n3,\n", names: ["line 3", "'y'", "missing"]),
        (file: "x,y\n1,2\n3,tall\n", names: ["line 3", "'tall'", "'y'"]),
        (file: "x,y\n1,nan\n", names: ["line 2", "'nan'"]),
        (file: "x,y\n", names: ["no rows"]),
        (file: "", names: ["empty"]),
        (file: "x,z\n1,2\n", names: ["'y'", "x, z"]),
        (file: "x,y\n1,2,3\n", names: ["line 2", "3 fields"]),
        (file: "x,y\n\"1,2\n", names: ["quote"]),
        (file: "x,y\n1e300,2\n", names: ["too large"]),
        (file: "x,y\n1,1e308\n2,-1e308\n", names: ["too large"]),
    ])
    func `a data file with a flaw is refused, with the place of the flaw`(file: String, names: [String]) throws {
        let scratch = try Scratch()
        try scratch.write(file, to: "data.csv")

        let invocation = try scratch.gradbook(
            "run", "--data", "data.csv", "--x", "x", "--y", "y", "--batch-size", "full")

        #expect(invocation.exitCode != 0)
        for name in names { #expect(invocation.error.contains(name), "\(invocation.error)") }
        #expect(!scratch.contains("gradbook.db"))
    }

    @Test(arguments: [["run"], ["sweep", "s", "--seeds", "1"], ["report", "s"]])
    func `a file that is no database is refused and stays as it is`(_ command: [String]) throws {
        let scratch = try Scratch()
        try scratch.write("These are my notes, not a database. Do not touch them.\n", to: "gradbook.db")
        let before = try scratch.contents()

        let invocation = try scratch.gradbook(command)

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("gradbook.db"), "\(invocation.error)")
        #expect(try scratch.contents() == before)
    }

    @Test(arguments: [["run"], ["sweep", "s", "--seeds", "1"], ["report", "s"]])
    func `a directory in the database's place is refused`(_ command: [String]) throws {
        let scratch = try Scratch()

        let invocation = try scratch.gradbook(command + ["--db", "."])

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("directory"), "\(invocation.error)")
        #expect(try scratch.contents().isEmpty)
    }

    @Test
    func `an empty file is not made a notebook by a command that continues one`() throws {
        let scratch = try Scratch()
        try scratch.write("", to: "gradbook.db")

        let invocation = try scratch.gradbook("sweep", "resume", "nothing")

        #expect(invocation.exitCode == 1)
        #expect(invocation.error.contains("'gradbook.db' is empty"))
        #expect(try scratch.contents() == ["gradbook.db": Data()])
    }
}
