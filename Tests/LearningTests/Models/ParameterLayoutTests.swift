import Learning
import Testing

/// What a model may call its parameters.
struct ParameterLayoutTests {
    @Test
    func `scalars and tensors share one flat list`() {
        let layout = ParameterLayout([("a", []), ("c", [2, 2]), ("b_1", [])])

        #expect(layout.names == ["a", "c_0_0", "c_0_1", "c_1_0", "c_1_1", "b_1"])
        #expect(layout.parameters.map(\.range) == [0..<1, 1..<5, 5..<6])
        #expect(layout.position(of: "c_1_0") == 3 && layout.position(of: "c") == nil)
    }

    @Test(arguments: ["", "W", "1st", "w-1", "naïve", "grad_w", "loss", "lr", "step"])
    func `a name that no column and no message can have is a mistake of the program`(name: String) async {
        await #expect(processExitsWith: .failure) { [name] in _ = ParameterLayout(scalars: ["a", name]) }
    }

    @Test
    func `two scalars of one name, no parameter and no size are mistakes of the program`() async {
        await #expect(processExitsWith: .failure) { _ = ParameterLayout(scalars: ["a", "a"]) }
        await #expect(processExitsWith: .failure) { _ = ParameterLayout([("c", [2]), ("c_1", [])]) }
        await #expect(processExitsWith: .failure) { _ = ParameterLayout([]) }
        await #expect(processExitsWith: .failure) { _ = ParameterLayout([("c", [0])]) }
    }
}
