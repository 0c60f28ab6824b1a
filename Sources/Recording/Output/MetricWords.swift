/// Which names say what a number is.
enum MetricWords {
    /// What people measure: a line without a step is taken only if one of these is in a name.
    private static let metrics: Set<String> = [
        "loss", "losses", "acc", "acc1", "acc5", "accuracy", "err", "error", "ppl", "perplexity", "f1", "auc", "auroc",
        "map",
        "iou", "miou", "dice", "psnr", "ssim", "fid", "nll", "mse", "rmse", "mae", "mape", "logloss", "merror", "r2",
        "bleu",
        "rouge", "wer", "cer", "precision", "recall", "score", "reward", "return", "elbo", "bpb", "bpc", "bpd",
        "inertia",
        "objective", "likelihood", "entropy", "kl", "top1", "top5", "energy", "residual", "gnorm", "norm",
    ]

    /// What settings are called, whatever they are settings of: `loss_weight`.
    private static let settings: Set<String> = [
        "weight", "weights", "coef", "coeff", "coefficient", "fn", "func", "function", "type", "name", "scale",
        "smoothing",
        "threshold", "patience", "target", "delta", "min", "max", "tol", "tolerance", "layer", "layers", "lambda",
        "version",
        "seed", "port", "pid", "eps", "code", "dropout", "alpha", "beta", "gamma", "num", "every", "interval", "clip",
        "decay",
    ]

    /// Never metrics, even of a line with a step.
    private static let identities: Set<String> = [
        "seed", "pid", "port", "v_num", "version", "rank", "local_rank", "world_size",
    ]

    /// Names of steps, the most exact first.
    private static let steps = ["global_step", "step", "num_updates", "iteration", "iter", "epoch", "episode"]
    /// What may stand before a step's name.
    private static let beforeSteps: Set<String> = [
        "train", "training", "trainer", "global", "current", "eval", "val", "test", "valid",
    ]

    /// Words of sentences, which no key without a sign has.
    static let prose: Set<String> = [
        "a", "an", "the", "at", "in", "of", "on", "for", "with", "after", "from", "to", "by", "is", "was", "are",
        "were", "has",
        "took", "found", "and", "or", "than", "into", "using", "took", "until", "over", "under", "be", "will", "did",
        "not",
        "total", "line", "version", "page", "chapter", "copyright",
    ]

    static func isMetric(_ name: String) -> Bool {
        let words = parts(name)
        return words.contains(where: metrics.contains) && !words.contains(where: settings.contains)
    }

    static let epochRank = steps.firstIndex(of: "epoch")

    /// Parts of the data, which stand before the keys of a line: `valid | loss 7.9`, `Test set: loss 0.3`.
    private static let splits: Set<String> = [
        "train", "training", "train_inner", "valid", "validation", "val", "test", "testing", "eval", "evaluation",
        "dev",
    ]

    /// The part of the data that a label names.
    static func split(_ label: String) -> String? {
        let words = label.split(separator: " ")
        guard let first = words.first, splits.contains(first.lowercased()) else { return nil }
        return words.count == 1 || words.count == 2 && words[1] == "set" ? String(first) : nil
    }

    static func isIdentity(_ name: String) -> Bool { identities.contains(name.lowercased()) }

    /// Whether settings have such names: learning rate, batch size, seed.
    static func isSetting(_ name: String) -> Bool {
        let words = parts(name)
        return words.contains(where: settings.contains) || words.contains("lr") || words.contains("batch")
            || words.contains("optimizer") || words.contains("model") || words.contains("epochs")
    }

    /// How exact a step of this name is, 0 the most; nil for other names.
    static func stepRank(_ name: String) -> Int? {
        let lower = name.lowercased()
        if let rank = steps.firstIndex(of: lower) { return rank }
        let words = parts(lower)
        guard let last = words.last, words.count > 1, words.dropLast().allSatisfy(beforeSteps.contains) else {
            return nil
        }
        return words.dropLast().last == "global" && last == "step" ? 0 : steps.firstIndex(of: last)
    }

    /// The words of a name, in small letters: `valLoss`, `val_loss` and `val/loss` have two.
    private static func parts(_ name: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var wasSmall = false
        for byte in name.utf8 {
            let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            let isPart = PrintedNumber.isLetter(byte) || PrintedNumber.isDigit(byte) || byte >= 0x80
            if !word.isEmpty, !isPart || wasSmall && isCapital {
                words.append(String(decoding: word, as: UTF8.self))
                word.removeAll(keepingCapacity: true)
            }
            if isPart { word.append(isCapital ? byte | 0x20 : byte) }
            wasSmall = isPart && !isCapital && !PrintedNumber.isDigit(byte)
        }
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        return words
    }
}

/// What stands behind a number and is no part of it.
enum Units {
    private static let all: Set<String> = [
        "%", "ns", "us", "µs", "ms", "s", "sec", "secs", "second", "seconds", "min", "mins", "minutes", "m", "h",
        "hours",
        "it/s", "s/it", "ms/it", "it/sec", "iter/s", "ms/step", "s/step", "us/step", "µs/step", "step/s", "steps/s",
        "ms/iter",
        "s/iter", "ms/batch", "batch/s", "batches/s", "tok/s", "tokens/s", "tokens/sec", "samples/s", "samples/sec",
        "img/s",
        "imgs/s", "images/s", "images/sec", "ex/s", "examples/s", "fps", "K", "k", "M", "G", "B", "T", "KB", "kB", "MB",
        "GB",
        "TB", "KiB", "MiB", "GiB", "TiB", "MB/s", "GB/s", "W", "J", "C", "°C", "x", "dB", "FLOPS", "TFLOPS", "GFLOPS",
        "TFLOP/s",
    ]
    private static let times: Set<String> = [
        "ns", "us", "µs", "ms", "s", "m", "h", "it/s", "s/it", "ms/step", "s/step", "us/step", "µs/step", "%", "MB/s",
        "kB/s", "GB/s",
        "ms/it", "B/s", "min",
    ]

    static func isUnit(_ text: String) -> Bool { all.contains(text) }

    /// Whether a progress bar prints it about itself.
    static func isOfProgress(_ text: String) -> Bool { times.contains(text) }
}
