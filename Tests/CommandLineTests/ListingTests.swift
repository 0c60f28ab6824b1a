import Foundation
import TestSupport
import Testing

/// Commands that only tell.
@Suite(.timeLimit(.minutes(5)))
struct ListingTests {
    @Test
    func `an optimizer is listed with its hyperparameters, defaults and ranges`() throws {
        let scratch = try Scratch()

        let adam = try scratch.gradbook("optimizers", "adam")
        let all = try scratch.gradbook("optimizers")

        #expect(adam.output.hasPrefix("adam: "))
        #expect(adam.output.contains("--lr 0.001"))
        #expect(adam.output.contains("--set beta1=0.9"))
        #expect(adam.output.contains("a number in [0, 1)"))
        #expect(all.output.contains("\nlion: ") && all.output.contains(adam.output))
    }

    @Test
    func `the graph of a step is drawn from the loss to the parameters`() throws {
        let scratch = try Scratch()

        let text = try scratch.gradbook("graph", "--samples", "10")
        let dot = try scratch.gradbook("graph", "--loss", "half-sum", "--format", "dot")

        #expect(
            text.output == """
                MseLossBackward []
                └─ AddBackward [10, 1]
                   ├─ MmBackward [10, 1]
                   │  └─ w [1, 1]
                   └─ b [1, 1]

                """)
        #expect(dot.output.hasPrefix("digraph"))
        #expect(dot.output.contains("PowBackward [100, 1]"))
    }

    @Test(arguments: [["optimizers", "sdg"], ["graph", "--samples", "0"], ["graph", "--format", "png"]])
    func `a mistake is bad usage`(_ arguments: [String]) throws {
        #expect(try Scratch().gradbook(arguments).exitCode == 64)
    }

    @Test
    func `a result that cannot be printed is said in a sentence, and the run is kept`() throws {
        let scratch = try Scratch()
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))

        let invocation = try scratch.gradbook("run", "--steps", "3", output: full)

        #expect(invocation.exitCode == 1)
        #expect(
            invocation.error
                == "gradbook: the result could not be written to standard output: No space left on device\n")
        #expect(try scratch.sqlite3("SELECT state, steps_done FROM runs") == "done|3")
    }
}
