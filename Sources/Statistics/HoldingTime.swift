/// When a run holds a condition: from the first recorded value that meets it and after which nearly all of the next ones
/// do.
///
/// First touch is a matter of luck near the noise floor, and "from there to the end" changes with the length of the run.
/// Here a time that was found stays, however much longer the run gets.
package struct HoldingTime: Sendable, Equatable {
    package static let defaultWindow = 20

    /// So many values after the first are looked at, and one in twenty of them may miss.
    package let window: Int
    /// The first value that met the condition, by its step; nil if none did.
    package private(set) var firstTouch: Int?
    /// From when on the condition holds; nil if it never does.
    package private(set) var held: Int?
    /// Whether the last value met the condition.
    package private(set) var isMetAtEnd = false

    /// Steps that met the condition and whose window is not over, oldest first.
    private var candidates: [(step: Int, place: Int, misses: Int)] = []
    private var place = 0

    package init(window: Int = Self.defaultWindow) {
        precondition(window > 0, "a window of \(window) steps")
        self.window = window
    }

    /// How many of the window's values may miss.
    package var allowedMisses: Int { window / 20 }

    /// Takes the next recorded value's step and whether it meets the condition.
    package mutating func append(step: Int, isMet: Bool) {
        isMetAtEnd = isMet
        guard held == nil else { return }
        if isMet {
            if firstTouch == nil { firstTouch = step }
        } else {
            for index in candidates.indices { candidates[index].misses += 1 }
            let allowed = allowedMisses
            candidates.removeAll { $0.misses > allowed }
        }
        if let oldest = candidates.first, place - oldest.place == window {
            held = oldest.step
            candidates = []
        } else if isMet {
            candidates.append((step, place, 0))
        }
        place += 1
    }

    /// Takes the end of a run that stopped by its own rule: it keeps its last value from there on.
    package mutating func endEarly() {
        guard held == nil, isMetAtEnd else { return }
        held = candidates.first?.step
    }

    package static func == (a: HoldingTime, b: HoldingTime) -> Bool {
        (a.window, a.firstTouch, a.held, a.isMetAtEnd, a.place) == (
            b.window, b.firstTouch, b.held, b.isMetAtEnd, b.place
        )
    }
}
