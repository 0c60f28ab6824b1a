import Hashing
import Learning
import TextFormats
import Tracking

/// A run's stored configuration, compared with the hash that was recorded with it.
struct ConfigurationVerification {
    /// What the run was trained with; nil when it cannot be found again.
    let configuration: RunConfiguration?
    /// Why nobody can train what is stored, though it is what was recorded.
    private let refusal: LearningError?
    private let config: String
    private let configHash: String
    /// The text that has the recorded hash; nil if none was found.
    private let original: String?

    /// `stored` is the column's text byte by byte: one that changed may be no text any more.
    init(_ run: Run, stored: [UInt8]) {
        (config, configHash) = (run.plan.config, run.plan.configHash)
        let hash = ContentHash.sha256(of: stored)
        if hash == configHash || SingleBit.isOneDigitOff(configHash, hash) {
            original = config
        } else if let position = SingleBit.position(in: stored, whoseHashWas: configHash) {
            var bytes = stored
            bytes[position / 8] ^= 1 << (position % 8)
            original = String(validating: bytes, as: UTF8.self)
        } else {
            original = nil
        }
        switch original.map({ text in Result { try RunConfiguration(json: text) } }) {
        case .success(let read): (configuration, refusal) = (read, nil)
        case .failure(let error): (configuration, refusal) = (nil, error as? LearningError)
        case nil: (configuration, refusal) = (nil, nil)
        }
    }

    func note(in verification: inout RunVerification) {
        verification.hasLostConfiguration = configuration == nil
        verification.refusal = refusal?.description
        guard let original else {
            verification.compare("config", .text(config), .lost)
            return
        }
        verification.compare("config", .text(config), .text(original))
        verification.compare("config_hash", .text(configHash), .text(ContentHash.sha256(of: original)))
    }
}

/// Mathematical functions whose last bit may differ from one C library or processor to another.
///
/// Everything else a run computes is made of operations that IEEE 754 rounds in one way.
enum PlatformFunctions {
    /// Which of them a run's numbers depend on, with where.
    static func used(by configuration: RunConfiguration) -> [String] {
        var used: [String] = []
        if configuration.initialization.values.values.contains(.normal) {
            used.append("log, sin and cos (normal start)")
        }
        let functions = configuration.model.model.platformFunctions
        if !functions.isEmpty {
            used.append("\(functions.joined(separator: " and ")) (model \(configuration.model))")
        }
        if ["asgd", "adafactor", "nadam"].contains(configuration.optimizer.name) {
            used.append("pow (\(configuration.optimizer.name))")
        }
        if configuration.schedule != nil { used.append("pow and cos (schedule)") }
        return used
    }
}

/// Finds the one changed bit of what has a recorded hash: turned back, the bytes have that hash again.
enum SingleBit {
    /// Beyond so many hashed bytes a search takes longer than a person waits.
    private static let largestSearch = 4_000_000_000

    /// The position of the bit, counted from the first byte's lowest, or nil if no single one among `bits` explains the
    /// hash; without `bits` it may be any.
    static func position(in bytes: [UInt8], among bits: Range<Int>? = nil, whoseHashWas recorded: String) -> Int? {
        let bits = bits ?? 0..<bytes.count * 8
        guard bits.count * bytes.count <= largestSearch, recorded.count == 64 else { return nil }
        let expected = Array(recorded.utf8)
        var bytes = bytes
        for position in bits {
            let mask: UInt8 = 1 << (position % 8)
            bytes[position / 8] ^= mask
            let hash = SHA256.hash(bytes)
            bytes[position / 8] ^= mask
            // The first byte rules out nearly all without making a text.
            if hash.starts(with: prefix(expected)), Hexadecimal.text(hash) == recorded { return position }
        }
        return nil
    }

    /// The numbers that have one bit turned, from the lowest bit on.
    static func neighbors<Number: FixedWidthInteger>(of number: Number) -> some Sequence<Number> {
        (0..<Number.bitWidth).lazy.map { number ^ (1 << $0) }
    }

    /// Whether the recorded hash itself is what changed: all but one of its digits are those of `computed`.
    static func isOneDigitOff(_ recorded: String, _ computed: String) -> Bool {
        let (a, b) = (Array(recorded.unicodeScalars), Array(computed.unicodeScalars))
        return a.count == b.count && zip(a, b).count { $0 != $1 } == 1
    }

    private static func prefix(_ digits: [UInt8]) -> [UInt8] {
        UInt8(String(decoding: digits.prefix(2), as: UTF8.self), radix: 16).map { [$0] } ?? []
    }
}
