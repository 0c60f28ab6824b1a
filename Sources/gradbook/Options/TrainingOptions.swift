import ArgumentParser
import Experiments
import Learning
import Theory

/// How a run is trained, as text.
struct TrainingOptions: ParsableArguments {
    @Option(
        help: """
            Start from the settings of one of the chapter's sections: numpy, autograd, optimizer, batches or tape. \
            (default: none)
            """, completion: .list(Recipe.allCases.map(\.rawValue)))
    var recipe: String?

    @Option(
        help: ArgumentHelp("One that gradbook optimizers lists. (default: sgd)", valueName: "name"),
        completion: Completions.optimizers)
    var optimizer: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The learning rate: a number above 0. (default: the optimizer's own, 0.1 for sgd)", valueName: "rate"))
    var lr: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Samples in the batch of a step: 1 up to all there are, or full. (default: 10)", valueName: "samples"))
    var batchSize: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Updates by the optimizer: 1 to 1000000000. (default: 500)", valueName: "count"))
    var steps: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Passes over the data, 1 or more, instead of --steps.", valueName: "count"))
    var epochs: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            """
            A hyperparameter, with a name and a range from gradbook optimizers; b.lr=0.01 holds for one parameter alone; \
            repeat for more. (default: PyTorch's)
            """, valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: """
            How the learning rate changes from step to step, such as cosine:total=500; gradbook schedules lists what there \
            is. (default: constant)
            """, completion: Completions.schedules)
    var schedule: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            What gradients are cut to before an update, above 0: norm=1 all of them together, value=0.5 each. (default: not \
            cut)
            """, valueName: "limit"))
    var clip: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            What ends the run early: loss=1e-3, excess=1e-6 or gradient_norm=1e-6 (at most that, 0 or more), patience=50 \
            (steps without a lower loss, 1 or more), or several with commas. (default: nothing)
            """, valueName: "condition"))
    var target: String?

    @Option(
        help: "What is minimized: mse, half-sum or half-mean of the squared errors. (default: mse)",
        completion: .list(LossKind.allCases.map(\.rawValue)))
    var loss: String?

    @Option(
        help: ArgumentHelp("The numbers of all arithmetic: float64 or float32. (default: float64)", valueName: "type"),
        completion: .list(["float64", "float32"]))
    var dtype: String?

    @Option(
        help: ArgumentHelp(
            "Who differentiates: autograd, manual (formulas) or tape. (default: autograd)", valueName: "method"),
        completion: .list(GradientMethod.allCases.map(\.rawValue)))
    var gradients: String?

    @Option(
        help: ArgumentHelp(
            """
            How batches are drawn: shuffled (every epoch), shuffled-drop-last (without a last short batch) or iid (with \
            replacement). (default: shuffled)
            """, valueName: "method"), completion: .list(Sampling.allCases.map(\.rawValue)))
    var sampling: String?

    @Option(
        name: .customLong("init"),
        help: ArgumentHelp(
            "Where w and b start: uniform (0 to 1), normal, or each on its own as in w=0.5,b=normal. (default: uniform)",
            valueName: "start"))
    var initialization: String?

    /// The flags that were given.
    var fields: [RunField: String] {
        let given: [RunField: String?] = [
            .recipe: recipe, .optimizer: optimizer, .lr: lr, .batchSize: batchSize, .steps: steps, .epochs: epochs,
            .schedule: schedule, .clip: clip, .target: target, .loss: loss, .dtype: dtype, .gradients: gradients,
            .sampling: sampling, .initialization: initialization,
        ]
        return given.compactMapValues { $0 }
    }
}
