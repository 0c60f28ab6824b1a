/// Whether a metric is better when it is lower or when it is higher.
package enum MetricGoal: String, Sendable {
    case min, max

    /// As far as the words of the key say it; nil for one that may be anything, such as `lr`.
    package init?(key: String) {
        let words = Self.words(of: key)
        if words.contains(where: { $0.hasSuffix("loss") || Self.lower.contains($0) }) {
            self = .min
        } else if words.contains(where: { $0.hasPrefix("accuracy") || Self.higher.contains($0) }) {
            self = .max
        } else {
            return nil
        }
    }

    private static let lower: Set<String> = [
        "loss", "losses", "err", "error", "errors", "mse", "mae", "rmse", "nll", "perplexity", "ppl", "cer", "wer",
        "fid", "bpb",
        "bpc", "regret",
    ]
    private static let higher: Set<String> = [
        "acc", "acc1", "acc5", "top1", "top5", "f1", "auc", "auroc", "precision", "recall", "bleu", "rouge", "reward",
        "return",
        "score", "iou", "miou", "map", "psnr", "ssim", "r2", "elo", "likelihood",
    ]

    /// `val/topAcc_1` has the words val, top, acc and 1.
    private static func words(of key: String) -> [String] {
        var words = [""]
        var wasLower = false
        for character in key.prefix(500) {
            guard character.isLetter || character.isNumber else {
                words.append("")
                wasLower = false
                continue
            }
            if wasLower, character.isUppercase { words.append("") }
            wasLower = character.isLowercase
            words[words.count - 1] += character.lowercased()
        }
        return words.filter { !$0.isEmpty }
    }

    /// What is shown first of many: losses and accuracies, those of validation before others.
    package static func interest(of key: String) -> Int {
        let goal = MetricGoal(key: key)
        let isValidation = words(of: key).contains {
            ["val", "valid", "validation", "eval", "test", "dev"].contains($0)
        }
        return (goal == nil ? 4 : 0) + (isValidation ? 0 : 2) + (goal == .min ? 0 : 1)
    }

    /// Whether the name is that of a loss, which is the first to be drawn.
    package static func isLoss(_ key: String) -> Bool { MetricGoal(key: key) == .min }
}
