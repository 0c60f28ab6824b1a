import Foundation

/// A terminal that a program may write to as if a person sat there, so that colors and progress bars stay.
struct PseudoTerminal {
    /// What is read here was written to ``program``.
    let reader: Int32
    let program: Int32

    /// As wide as the terminal behind `model`; nil where the system gives none.
    init?(like model: Int32) {
        let reader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard reader >= 0 else { return nil }
        var (locked, number): (CInt, CUnsignedInt) = (0, 0)
        guard ioctl(reader, Self.setLock, &locked) == 0, ioctl(reader, Self.getNumber, &number) == 0 else {
            close(reader)
            return nil
        }
        let program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard program >= 0 else {
            close(reader)
            return nil
        }
        (self.reader, self.program) = (reader, program)
        var settings = termios()
        if tcgetattr(program, &settings) == 0 {
            // The terminal that shows it makes a new line of a line feed; twice would be once too often.
            settings.c_oflag &= ~tcflag_t(OPOST)
            settings.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(program, TCSANOW, &settings)
        }
        Self.copySize(from: model, to: reader)
    }

    /// TIOCSPTLCK and TIOCGPTN of Linux, on which unlockpt and ptsname rest; Swift's headers have neither.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    static func copySize(from model: Int32, to terminal: Int32) {
        var size = winsize()
        guard ioctl(model, UInt(TIOCGWINSZ), &size) == 0 else { return }
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    }
}
