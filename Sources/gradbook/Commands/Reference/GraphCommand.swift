import ArgumentParser
import Autograd
import Experiments
import Learning
import Theory

/// `gradbook graph`: the graph behind one training step.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draw the graph that one training step records.",
        discussion: """
            For those who want to see what autograd differentiates: operations carry PyTorch's names, the model's \
            parameters are the leaves.

            Examples:
              gradbook graph
              gradbook graph --loss half-sum --format dot > graph.dot
            """)

    @Option(.model) var model: GivenSetting?
    @Option(help: "What is minimized: mse, half-sum or half-mean of the squared errors.")
    var loss = LossKind.mse
    @Option(help: ArgumentHelp("Samples in the batch, which the shapes show: 1 to 1000000.", valueName: "count"))
    var samples = 100
    @Option(help: "How the graph is drawn.")
    var format = GraphFormat.text

    func validate() throws {
        guard (1...1_000_000).contains(samples) else {
            throw ValidationError("--samples: '\(samples)' is not a number of samples; give one from 1 to 1000000")
        }
    }

    func run() throws {
        var spec = RunSpec()
        if let model { try model.setting.set(model.text, in: &spec) }
        let drawing = ModelGraph.description(of: spec.model, loss: loss, samples: samples, format: format)
        try Terminal.print(drawing.hasSuffix("\n") ? String(drawing.dropLast()) : drawing)
    }
}

extension LossKind: ExpressibleByArgument {}
extension GraphFormat: ExpressibleByArgument {}
