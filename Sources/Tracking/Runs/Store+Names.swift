import GRDB

extension Store {
    /// Takes tags off a run and returns those it had.
    package func removeTags(_ tags: [String], fromRun run: Int64) throws(TrackingError) -> [String] {
        try write { database in
            try tags.filter { tag in
                try database.execute(sql: "DELETE FROM run_tags WHERE run_id = ? AND tag = ?", arguments: [run, tag])
                return database.changesCount == 1
            }
        }
    }

    /// Gives a run another name, or none.
    ///
    /// A name that another run has is `nameTaken`.
    package func renameRun(_ run: Int64, to name: String?) throws(TrackingError) {
        try write { database in
            let holder = try Int64.fetchOne(database, sql: "SELECT id FROM runs WHERE name = ?", arguments: [name])
            if let name, let holder, holder != run {
                throw TrackingError(.nameTaken, "the name '\(name)' belongs to run \(holder); choose another one")
            }
            try database.execute(sql: "UPDATE runs SET name = ? WHERE id = ?", arguments: [name, run])
        }
    }

    /// Gives a sweep another name.
    ///
    /// A name that another sweep has is `nameTaken`.
    package func renameSweep(_ sweep: Int64, to name: String) throws(TrackingError) {
        try write { database in
            let holder = try Int64.fetchOne(database, sql: "SELECT id FROM sweeps WHERE name = ?", arguments: [name])
            if let holder, holder != sweep {
                throw TrackingError(.nameTaken, "there is a sweep named '\(name)' already; choose another name")
            }
            try database.execute(sql: "UPDATE sweeps SET name = ? WHERE id = ?", arguments: [name, sweep])
        }
    }
}
