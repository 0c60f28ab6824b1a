import Learning
import Tracking

/// A run's stored configuration, held against the hash that was recorded with it.
struct ConfigurationVerification {
    /// What the run was trained with, as far as that can be known.
    let configuration: RunConfiguration?
    private let config: String
    private let configHash: String
    /// The text that has the recorded hash; nil if none was found.
    private let original: String?

    init(_ run: StoredRun) {
        (config, configHash) = (run.plan.config, run.plan.configHash)
        let hash = ContentHash.sha256(of: config)
        if hash == configHash || SingleBit.isOneDigitOff(configHash, hash) {
            original = config
        } else if let position = SingleBit.position(in: Array(config.utf8), whoseHashWas: configHash) {
            var bytes = Array(config.utf8)
            bytes[position / 8] ^= 1 << (position % 8)
            original = String(validating: bytes, as: UTF8.self)
        } else {
            original = nil
        }
        configuration = original.flatMap { try? RunConfiguration(json: $0) }
    }

    func note(in verification: inout RunVerification) {
        guard let original else {
            let hash = ContentHash.sha256(of: config)
            verification.compare("config", .text(config), .text("text with the hash \(configHash), not \(hash)"))
            return
        }
        verification.compare("config", .text(config), .text(original))
        verification.compare("config_hash", .text(configHash), .text(ContentHash.sha256(of: original)))
    }
}
