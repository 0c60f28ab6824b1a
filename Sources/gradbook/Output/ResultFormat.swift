import ArgumentParser

/// How a command prints its result.
enum ResultFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
