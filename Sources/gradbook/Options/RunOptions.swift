import ArgumentParser
import Experiments

/// The settings of a run, as text: they are read elsewhere, so that every mistake gets the same kind of sentence.
struct RunOptions: ParsableArguments {
    @Option(help: "Start from a preset: numpy, autograd, optimizer, batches, tape.")
    var recipe: String?

    @Option(help: "The optimizer, such as sgd or adam.")
    var optimizer: String?

    @Option(parsing: .unconditional, help: "The learning rate, above 0.")
    var lr: String?

    @Option(parsing: .unconditional, help: "Samples per step, or full.")
    var batchSize: String?

    @Option(parsing: .unconditional, help: "Number of optimizer updates.")
    var steps: String?

    @Option(parsing: .unconditional, help: "Number of passes over the data, instead of --steps.")
    var epochs: String?

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            """
            A hyperparameter of the optimizer (see gradbook optimizers), for one parameter as in b.lr=0.01; repeat for \
            more.
            """, valueName: "name=value"))
    var settings: [String] = []

    @Option(
        help: """
            How the learning rate changes, such as cosine:total=500 or warmup:total=50+cosine:total=450,min=0 (see \
            gradbook schedules).
            """)
    var schedule: String?

    @Option(parsing: .unconditional, help: "What gradients are cut to before an update: norm=1 or value=0.5.")
    var clip: String?

    @Option(
        parsing: .unconditional,
        help: """
            What ends the run early: loss=1e-3, excess=1e-6, gradient_norm=1e-6 or patience=50, several with commas \
            between.
            """)
    var target: String?

    @Option(help: "What is minimized: mse, half-sum or half-mean.")
    var loss: String?

    @Option(help: "The number type of all arithmetic: float64 or float32.")
    var dtype: String?

    @Option(help: "Who differentiates: autograd, manual or tape.")
    var gradients: String?

    @Option(help: "How batches are drawn: shuffled epochs, shuffled-drop-last, or iid with replacement.")
    var sampling: String?

    @Option(
        name: .customLong("init"),
        help: "Where w and b start: normal, uniform, or values such as w=0.5,b=0.")
    var initialization: String?

    @Option(help: "chapter, or a CSV file with a header row.")
    var data: String?

    @Option(help: "The file's column with x.")
    var x: String?

    @Option(help: "The file's column with y.")
    var y: String?

    @Option(help: "none, or normalize: x by its largest magnitude, y standardized.")
    var scale: String?

    @Option(parsing: .unconditional, help: "How many of the chapter's samples.")
    var samples: String?

    @Option(parsing: .unconditional, help: "How strong the noise on the chapter's samples is.")
    var noise: String?

    @Option(parsing: .unconditional, help: "The seed of the chapter's noise.")
    var dataSeed: String?

    @Option(help: "Whose random streams: numpy or torch.")
    var stream: String?

    /// The flags that were given, without the seeds.
    var fields: [RunField: String] {
        let given: [RunField: String?] = [
            .recipe: recipe, .optimizer: optimizer, .lr: lr, .batchSize: batchSize, .steps: steps, .epochs: epochs,
            .schedule: schedule, .clip: clip, .target: target, .loss: loss, .dtype: dtype, .gradients: gradients,
            .sampling: sampling,
            .initialization: initialization, .data: data, .x: x, .y: y, .scale: scale, .samples: samples,
            .noise: noise, .dataSeed: dataSeed, .stream: stream,
        ]
        return given.compactMapValues { $0 }
    }
}
