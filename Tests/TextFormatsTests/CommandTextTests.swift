import Testing
import TextFormats

struct CommandTextTests {
    @Test func `a command has its words quoted and the common options after its own`() {
        let text: MessageText =
            "\(command: "sweep retry", "my sweep", options: [.init("state", "cancelled")]) queues its runs again"

        #expect(text.description == "gradbook sweep retry 'my sweep' state cancelled queues its runs again")
        #expect(
            text.spelled({ "--\($0)" }, in: .init(common: [.init("db", "it's.db")]))
                == #"gradbook sweep retry 'my sweep' --state cancelled --db 'it'\''s.db' queues its runs again"#)
    }

    @Test func `what looks like an option is given as an argument or a value`() {
        let command = CommandText("show", ["-dash"], options: [.init("around", "-3"), .init("json")])

        #expect(
            command.spelled({ "--\($0)" }, in: .init(common: [.init("db", "-n.db")]))
                == "gradbook show --around=-3 --json --db=-n.db -- -dash")
    }

    @Test func `hidden characters are seen`() {
        let command = CommandText("report", ["a\u{1B}b"])

        #expect(command.spelled { $0 } == #"gradbook report 'a'$'\x1B''b'"#)
    }

    @Test func `a command stays on one line of a folded sentence`() {
        let text: MessageText = "nobody works on it; \(command: "sweep resume", "a b"), which is quick, resumes it"

        #expect(
            text.wrapped({ "--\($0)" }, in: .init(common: [.init("db", "n.db")]), width: 30) == """
                nobody works on it;
                  gradbook sweep resume 'a b' --db n.db,
                  which is quick, resumes it
                """)
    }

    @Test func `an option of the command's own stands for the common one, and what is implied is left out`() {
        let command = CommandText("doctor", options: [.init("db", "other.db")])

        #expect(
            command.spelled({ "--\($0)" }, in: .init(common: [.init("db", "n.db")])) == "gradbook doctor --db other.db")
        #expect(command.spelled({ "--\($0)" }, in: .init(implied: [.init("db", "other.db")])) == "gradbook doctor")
    }
}
