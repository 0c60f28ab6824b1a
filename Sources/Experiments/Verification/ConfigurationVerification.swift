import Learning
import Tracking

/// A run's stored configuration, compared with the hash that was recorded with it.
struct ConfigurationVerification {
    /// What the run was trained with; nil when it cannot be found again.
    let configuration: RunConfiguration?
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
        configuration = original.flatMap { try? RunConfiguration(json: $0) }
    }

    func note(in verification: inout RunVerification) {
        verification.hasLostConfiguration = configuration == nil
        guard let original else {
            verification.compare("config", .text(config), .lost)
            return
        }
        verification.compare("config", .text(config), .text(original))
        verification.compare("config_hash", .text(configHash), .text(ContentHash.sha256(of: original)))
    }
}
