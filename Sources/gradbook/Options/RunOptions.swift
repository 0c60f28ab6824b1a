import ArgumentParser
import Experiments

/// The settings of a run, as text: they are read elsewhere, so that every mistake gets the same kind of sentence.
struct RunOptions: ParsableArguments {
    @OptionGroup(title: "Training") private var training: TrainingOptions
    @OptionGroup(title: "Data") private var content: DataOptions

    /// The flags that were given, without hyperparameters and seeds.
    var fields: [RunField: String] { training.fields.merging(content.fields) { $1 } }

    /// The hyperparameters as typed, `momentum=0.9`.
    var settings: [String] { training.settings }

    /// Where the data file is.
    var data: String? { content.data }
}
