import Learning
import TextFormats
import Theory

extension RunSetting {
    /// In the order of a sweep's axes.
    package static let all = [
        recipe, model, optimizer, lr, batchSize, steps, epochs, schedule, clip, stopWhen, loss, dtype, gradients,
        sampling,
        initialization, data, x, y, scale, delimiter, decimal, encoding, noHeader, skipLines, skipRows, skipMissing,
        samples, noise, dataSeed, rng, seed,
    ]

    // MARK: - How a run is trained

    package static let recipe = RunSetting(
        "recipe", .word(Recipe.allCases.map(\.rawValue)),
        help: "Start from the settings of one of the chapter's sections: numpy, autograd, optimizer, batches or tape.",
        standard: "none"
    ) { value, run in
        run = RunSpec(try value.choice(Recipe.self))
    }

    package static let model = RunSetting(
        "model", .word(ModelRegistry.all.map { $0.name }),
        help: "What is fitted to the data.",
        standard: ModelConfiguration.quadratic.text,
        path: "model", sweep: .schedules, refusals: [.invalidModel]
    ) { value, run in
        run.changeModel(to: try ModelConfiguration(text: value.text))
    }

    package static let optimizer = RunSetting(
        "optimizer", .word(OptimizerRegistry.all.map { $0.name }), value: "name",
        help: "One that gradbook optimizers lists.", standard: "sgd",
        path: "optimizer.name", fork: .changeable, refusals: [.unknownOptimizer]
    ) { value, run in
        run.optimizer = value.text
    }

    package static let lr = RunSetting(
        "lr", .number, value: "rate",
        help: "The learning rate: a number above 0.", standard: "the optimizer's own, 0.1 for sgd",
        path: "optimizer.lr", fork: .changeable
    ) { value, run in
        run.learningRate = try value.learningRate()
    }

    package static let batchSize = RunSetting(
        "batch-size", .number, value: "samples",
        help: "Samples in the batch of a step: 1 up to all there are, or full.", standard: "10",
        path: "batch_size", fork: .changeable, refusals: [.invalidBatchSize]
    ) { value, run in
        run.batchSize = try value.batchSize()
    }

    package static let steps = RunSetting(
        "steps", .number, value: "count",
        help: "Updates by the optimizer: 1 to 1000000000.", standard: "500",
        path: "steps", fork: .changeable, refusals: [.invalidStepCount]
    ) { value, run in
        run.length = .steps(try value.count(example: 500))
    }

    package static let epochs = RunSetting(
        "epochs", .number, value: "count",
        help: "Passes over the data, 1 or more, instead of \(option: "steps").",
        refusals: [.invalidStepCount]
    ) { value, run in
        run.length = .epochs(try value.count(example: 50))
    }

    package static let schedule = RunSetting(
        "schedule", .word(ScheduleRegistry.all.map { $0.name }),
        help: """
            How the learning rate changes from step to step, such as cosine:total=500; gradbook schedules lists what there \
            is.
            """, standard: "constant",
        path: "schedule", sweep: .schedules, fork: .removable { $0.schedule = nil }, refusals: [.invalidSchedule]
    ) { value, run in
        run.schedule = try ScheduleRegistry.configuration(from: value.text)
    }

    package static let clip = RunSetting(
        "clip", .number, value: "limit",
        help: "What gradients are cut to before an update, above 0: norm=1 all of them together, value=0.5 each.",
        standard: "not cut",
        path: "clipping", fork: .removable { $0.clipping = nil }, refusals: [.invalidClipping]
    ) { value, run in
        run.clipping = try GradientClipping(text: value.text)
    }

    package static let stopWhen = RunSetting(
        "stop-when", formerly: "target", .number, value: "condition",
        help: """
            What ends the run early: loss=1e-3, excess=1e-6 or gradient_norm=1e-6 (at most that, 0 or more), patience=50 \
            (steps without a lower loss, 1 or more), or several with commas.
            """, standard: "nothing",
        path: "stopping", sweep: .single, fork: .removable { $0.stopping = nil }, refusals: [.invalidStopping]
    ) { value, run in
        run.stopping = try StoppingCriteria(text: value.text)
    }

    package static let loss = RunSetting(
        "loss", .word(LossKind.allCases.map(\.rawValue)),
        help: "What is minimized: mse, half-sum or half-mean of the squared errors.", standard: "mse",
        path: "loss", fork: .changeable
    ) { value, run in
        run.loss = try value.choice(LossKind.self)
    }

    package static let dtype = RunSetting(
        "dtype", .word(["float64", "float32"]), value: "type",
        help: "The numbers of all arithmetic: float64 or float32.", standard: "float64", path: "dtype"
    ) { value, run in
        run.dtype = try value.choice(ElementType.self)
    }

    package static let gradients = RunSetting(
        "gradients", .word(GradientMethod.allCases.map(\.rawValue)), value: "method",
        help: "Who differentiates: autograd, manual (formulas) or tape.", standard: "autograd", path: "gradients",
        refusals: [.unsupportedGradients]
    ) { value, run in
        run.gradients = try value.choice(GradientMethod.self)
    }

    package static let sampling = RunSetting(
        "sampling", .word(Sampling.allCases.map(\.rawValue)), value: "method",
        help: """
            How batches are drawn: shuffled (every epoch), shuffled-drop-last (without a last short batch) or iid (with \
            replacement).
            """, standard: "shuffled", path: "sampling"
    ) { value, run in
        run.sampling = try value.choice(Sampling.self)
    }

    package static let initialization = RunSetting(
        "init", .text, value: "start",
        help: """
            Where the parameters start: uniform (0 to 1), normal, or each by its name, such as w=0.5,b=normal of the model \
            quadratic.
            """, standard: "the model's own, uniform for quadratic", path: "initialization", sweep: .single,
        refusals: [.invalidInitialization]
    ) { value, run in
        run.initialization = try Initialization(text: value.text, of: run.model.layout)
    }

    package static let seed = RunSetting(
        "seed", .number,
        help: """
            Decides the initial values and the order of samples: 0 to 4294967295, with \(option: "rng") torch any whole \
            number.
            """, standard: "0", path: "seed", refusals: [.invalidSeed]
    ) { value, run in
        run.seed = try value.integer()
    }

    // MARK: - What it is trained on

    package static let data = RunSetting(
        "data", .file(["csv", "tsv", "txt"]), value: "file.csv",
        help: """
            A CSV file with a header row, - for standard input, or chapter: samples of 3x^2 + 2 with noise. Other separators, \
            decimal commas and UTF-16 are recognized; lines that begin with # are comments, but \
            for the header.
            """, standard: "chapter",
        path: "data.kind", sweep: .single
    ) { value, run in
        run.file.path = value.text == "chapter" ? nil : value.text
    }

    package static let x = RunSetting(
        "x", .text, value: "column", help: "The file's column with x.", path: "data.x", sweep: .single
    ) { value, run in
        run.file.x = value.text
    }

    package static let y = RunSetting(
        "y", .text, value: "column", help: "The file's column with y.", path: "data.y", sweep: .single
    ) { value, run in
        run.file.y = value.text
    }

    package static let scale = RunSetting(
        "scale", .word(["none", "normalize"]), value: "scaling",
        help: "What becomes of the columns: none, or normalize (x by its largest magnitude, y standardized).",
        standard: "none", path: "data.scale"
    ) { value, run in
        run.file.scale = try value.choice(DataConfiguration.Scale.self)
    }

    package static let delimiter = RunSetting(
        "delimiter", .word(CSVDelimiter.allCases.map(\.rawValue)), value: "separator",
        help: "What stands between the file's fields: comma, semicolon, tab or pipe.",
        standard: "recognized by the header",
        path: "data.format.delimiter", sweep: .single
    ) { value, run in
        run.file.format.delimiter = try value.word(CSVDelimiter.init(text:), of: CSVDelimiter.self)
    }

    package static let decimal = RunSetting(
        "decimal", .word(DecimalMark.allCases.map(\.rawValue)), value: "mark",
        help: "What stands before the fraction of the file's numbers: point or comma.",
        standard: "a comma where it can be nothing else", path: "data.format.decimal", sweep: .single
    ) { value, run in
        run.file.format.decimal = try value.word(DecimalMark.init(text:), of: DecimalMark.self)
    }

    package static let encoding = RunSetting(
        "encoding", .word(TextEncoding.allCases.map(\.rawValue)), value: "name",
        help: "How the file's characters are encoded: utf-8, utf-16, utf-16le, utf-16be, latin-1 or windows-1252.",
        standard: "utf-8, and utf-16 where it can be nothing else", path: "data.format.encoding", sweep: .single
    ) { value, run in
        run.file.format.encoding = try value.word(TextEncoding.init(text:), of: TextEncoding.self)
    }

    package static let noHeader = RunSetting(
        "no-header", .flag, help: "The file has no header row; its columns are called 1, 2 and so on.",
        path: "data.format.header", sweep: .single
    ) { value, run in
        run.file.format.hasHeader = try !value.flag()
    }

    package static let skipLines = RunSetting(
        "skip-lines", .number, value: "count",
        help: "Lines before the file's header that are passed over, such as a title; skiprows=COUNT in pandas.",
        standard: "0", path: "data.format.skip_lines", sweep: .single
    ) { value, run in
        run.file.format.skippedLines = try value.skipCount()
    }

    package static let skipRows = RunSetting(
        "skip-rows", .number, value: "count",
        help: "Rows below the file's header that are passed over, such as a row of units.", standard: "0",
        path: "data.format.skip_rows", sweep: .single
    ) { value, run in
        run.file.format.skippedRows = try value.skipCount()
    }

    package static let skipMissing = RunSetting(
        "skip-missing", .flag,
        help: """
            Leave out rows without an x or y, where it is empty or one of \
            \(CSVColumns.missingTexts.joined(separator: " ")), in small or capital letters.
            """,
        path: "data.format.skip_missing", sweep: .single
    ) { value, run in
        run.file.format.skipsMissing = try value.flag()
    }

    /// How a file is written.
    static let ofFormats = [delimiter, decimal, encoding, noHeader, skipLines, skipRows, skipMissing]

    package static let samples = RunSetting(
        "samples", .number, value: "count", help: "How many samples the chapter has: 1 to 1000000.", standard: "100",
        path: "data.samples"
    ) { value, run in
        run.changeChapter(samples: try value.sampleCount())
    }

    package static let noise = RunSetting(
        "noise", .number, value: "number",
        help: "The largest noise on the chapter's y, in units of y: any number.", standard: "0.2", path: "data.noise"
    ) { value, run in
        run.changeChapter(noise: try value.number(example: "0.2"))
    }

    package static let dataSeed = RunSetting(
        "data-seed", .number, value: "seed", help: "The seed of the chapter's noise: 0 to 4294967295.",
        standard: "100", path: "data.seed"
    ) { value, run in
        run.changeChapter(seed: try value.integer())
    }

    package static let rng = RunSetting(
        "rng", formerly: "stream", .word(["numpy", "torch"]), value: "library",
        help: "Whose random numbers: numpy or torch.",
        standard: "numpy", path: "randomness.stream"
    ) { value, run in
        run.randomness.stream = try value.choice(RandomnessConfiguration.Stream.self)
    }

    /// Those that only a file has, and those that only the chapter's data have.
    static let ofFiles = [x, y, scale] + ofFormats
    static let ofChapter = [samples, noise, dataSeed]

    /// Whether it says which samples a run is fitted to.
    var isOfData: Bool { self == .data || Self.ofFiles.contains(self) || Self.ofChapter.contains(self) }
}
