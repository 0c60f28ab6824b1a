import ArgumentParser

/// `--dry-run` of a command that deletes, or writes much.
struct DryRunOption: ParsableArguments {
    @Flag(name: .customLong("dry-run"), help: "Say what would be done, and do nothing.")
    var isOn = false
}
