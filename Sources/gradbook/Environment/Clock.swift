import Foundation

/// The time, for the places that must not read it themselves.
enum Clock {
    /// ISO 8601 in UTC with milliseconds, such as 2026-05-01T12:00:00.000Z.
    @Sendable static func timestamp() -> String {
        Date().formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }

    /// Nanoseconds since the machine started; never goes back.
    @Sendable static func nanoseconds() -> Int {
        Int(DispatchTime.now().uptimeNanoseconds)
    }
}
