import Foundation
import TestSupport
import Testing

/// What bash offers after the program's own completion script was read.
@Suite(.timeLimit(.minutes(5)))
struct CompletionTests {
    @Test(arguments: [
        (words: ["ver"], offered: "verify"),
        (words: ["run", "--optimizer", "adamw"], offered: "adamw"),
        (words: ["sweep", "status", ""], offered: "rates waiting"),
        (words: ["show", "sl"], offered: "slow"),
        (words: ["compare", "slow", "ra"], offered: "rates"), (words: ["verify", "ra"], offered: "rates"),
        (words: ["show", "best:"], offered: "best:rates best:waiting"),
        (words: ["watch", "--db", "missing.db", ""], offered: ""),
    ])
    func `names are completed from the notebook, too`(words: [String], offered: String) throws {
        let scratch = try TranscriptNotebook.copy()
        let program = try TestedProgram.file.deletingLastPathComponent().path
        try scratch.write(
            """
            PATH='\(program)':$PATH
            source <(gradbook --generate-completion-script bash)
            COMP_WORDS=(gradbook \(words.map { "'\($0)'" }.joined(separator: " ")))
            COMP_CWORD=\(words.count)
            _gradbook gradbook "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            echo "${COMPREPLY[*]}"
            """, to: "complete.bash")

        let invocation = try scratch.shell("bash complete.bash")

        #expect(invocation.output == offered + "\n", "\(invocation.error)")
        #expect(!scratch.contains("missing.db"))
    }
}
