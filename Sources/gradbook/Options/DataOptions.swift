import ArgumentParser
import Experiments

/// What a run is trained on, as text.
struct DataOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A CSV file with a header row, or chapter: samples of 3x^2 + 2 with noise. (default: chapter)",
            valueName: "file.csv"), completion: .file(extensions: ["csv"]))
    var data: String?

    @Option(help: ArgumentHelp("The file's column with x.", valueName: "column"))
    var x: String?

    @Option(help: ArgumentHelp("The file's column with y.", valueName: "column"))
    var y: String?

    @Option(
        help: ArgumentHelp(
            "What becomes of the columns: none, or normalize (x by its largest magnitude, y standardized). (default: none)",
            valueName: "scaling"), completion: .list(["none", "normalize"]))
    var scale: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many samples the chapter has: 1 to 1000000. (default: 100)", valueName: "count"))
    var samples: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The largest noise on the chapter's y, in units of y: any number. (default: 0.2)", valueName: "number"))
    var noise: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of the chapter's noise: 0 to 4294967295. (default: 100)", valueName: "seed"))
    var dataSeed: String?

    @Option(
        help: ArgumentHelp("Whose random numbers: numpy or torch. (default: numpy)", valueName: "library"),
        completion: .list(["numpy", "torch"]))
    var stream: String?

    /// The flags that were given.
    var fields: [RunField: String] {
        let given: [RunField: String?] = [
            .data: data, .x: x, .y: y, .scale: scale, .samples: samples, .noise: noise, .dataSeed: dataSeed,
            .stream: stream,
        ]
        return given.compactMapValues { $0 }
    }
}
