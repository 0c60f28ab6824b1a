import GRDB
package import TextFormats

/// What has a name in a notebook.
package enum NameHolder: Sendable, Equatable, CustomStringConvertible {
    case run(Int64)
    case sweep(Int64)

    package var description: String {
        switch self {
        case .run(let id): "run \(id)"
        case .sweep: "a sweep"
        }
    }
}

extension Store {
    /// What has this name, also a run that is deleted; nil if the name is free.
    package func holder(ofName name: String) throws(TrackingError) -> NameHolder? {
        try file.read { try $0.holder(ofName: name) }
    }
}

extension Database {
    /// What has this name, also a run that is deleted; nil if the name is free.
    ///
    /// In a notebook of an older release a run and a sweep may both have it.
    func holder(ofName name: String) throws -> NameHolder? {
        if let run = try Int64.fetchOne(self, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name]) {
            return .run(run)
        }
        return try Int64.fetchOne(self, sql: "SELECT id FROM sweeps WHERE name = ?", arguments: [name]).map {
            .sweep($0)
        }
    }

    /// Refuses the name of a new run that something has already.
    func mustBeFree(_ name: String?) throws {
        guard let name, let holder = try holder(ofName: name) else { return }
        throw TrackingError(nameTaken: name, by: holder)
    }
}

extension TrackingError {
    /// A new name that something has already, and what else may have been meant.
    package init(nameTaken name: String, by holder: NameHolder, alternative: MessageText? = nil) {
        self.init(
            .nameTaken, "the name '\(name)' belongs to \(holder)",
            advice: "choose another one" + (alternative.map { ", or \($0)" } ?? ""))
    }
}
