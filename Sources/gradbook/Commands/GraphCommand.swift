import ArgumentParser
import Autograd
import Learning

/// `gradbook graph`: the graph behind one training step.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw the graph that one training step records.",
        discussion: """
            Operations carry PyTorch's names, w and b are the leaves.

            Examples:
              gradbook graph
              gradbook graph --loss half-sum --format dot | dot -Tsvg > graph.svg
            """)

    @Option(help: "What is minimized: mse, half-sum or half-mean.")
    var loss = LossKind.mse
    @Option(help: "Samples in the batch, which the shapes show.")
    var samples = 100
    @Option(help: "text, mermaid or dot.")
    var format = GraphFormat.text

    func validate() throws {
        guard (1...1_000_000).contains(samples) else {
            throw ValidationError("--samples: '\(samples)' is not a number of samples; give one from 1 to 1000000")
        }
    }

    func run() throws {
        let drawing = QuadraticGraph.description(loss: loss, samples: samples, format: format)
        try Terminal.print(drawing.hasSuffix("\n") ? String(drawing.dropLast()) : drawing)
    }
}

extension LossKind: ExpressibleByArgument {}
extension GraphFormat: ExpressibleByArgument {}
