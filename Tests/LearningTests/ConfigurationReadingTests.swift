import Learning
import Testing
import TextFormats

/// What is refused of a configuration that somebody else wrote: a sentence, whatever it says.
struct ConfigurationReadingTests {
    private static func text() throws -> String { try RunSpec().configuration().canonicalJSON() }

    /// A piece of the default configuration, what takes its place, and what the refusal names.
    @Test(arguments: [
        (#""lr":0.1"#, #""lr":0"#, "above 0, not 0"),
        (#""lr":0.1"#, #""lr":-1"#, "-1"),
        (#""lr":0.1"#, #""lr":"Infinity""#, "inf"),
        (#""lr":0.1"#, #""lr":"NaN""#, "nan"),
        (#""lr":0.1"#, #""lr":1e400"#, "'optimizer.lr' is 1e400"),
        (#""lr":0.1"#, #""lr":0.1,"lr":0.2"#, "'optimizer.lr' is there twice"),
        (#""samples":100"#, #""samples":1000001"#, "1000001 samples"),
        (#""samples":100"#, #""samples":1000000000000000"#, "1000000000000000 samples"),
        (#""samples":100"#, #""samples":0"#, "0 samples"),
        (#""samples":100"#, #""samples":1e19"#, "'data.samples' has no usable value: 1e19"),
        (#""samples":100"#, #""samples":1.5"#, "'data.samples' has no usable value: 1.5"),
        (#""samples":100"#, #""samples":"many""#, "'data.samples' has no usable value: \"many\""),
        (#""samples":100"#, #""samples":{}"#, "'data.samples' has no usable value"),
        (#""samples":100,"#, "", "'data.samples' is missing"),
        (#""noise":0.2"#, #""noise":"-Infinity""#, "noise -inf"),
        (#""noise":0.2"#, #""noise":null"#, "'data.noise' has no usable value: null"),
        (#""kind":"chapter""#, #""kind":"chapter","x":"a""#, "no field 'data.x'"),
        (#""steps":500"#, #""steps":0"#, "not 0"),
        (#""steps":500"#, #""steps":9223372036854775807"#, "9223372036854775807"),
        (#""steps":500"#, #""steps":1000000001"#, "1000000001"),
        (#""batch_size":10"#, #""batch_size":0"#, "not 0"),
        (#""batch_size":10"#, #""batch_size":-9223372036854775808"#, "-9223372036854775808"),
        (#""batch_size":10"#, #""batch_size":"half""#, "'batch_size' has no usable value: \"half\""),
        (#""seed":0"#, #""seed":-1"#, "-1"),
        (#""seed":0"#, #""seed":0,"sead":1"#, "no field 'sead' (did you mean 'seed'?)"),
        (#""seed":0"#, #""seed":0,"schedul":null"#, "did you mean 'schedule'?"),
        (#""momentum":0"#, #""momentum":-2"#, "momentum is a number of at least 0, not -2"),
        (#""momentum":0"#, #""momentum":0,"momentom":1"#, "did you mean 'momentum'?"),
        (#""stream":"numpy""#, #""stream":"numpy","batch_order":{"skip":4611686018427387904}"#, "4611686018427387904"),
        (#""stream":"numpy""#, #""stream":"numpy","batch_order":{"skip":0,"seeds":1}"#, "did you mean 'seed'?"),
        (#""numerics":1"#, #""numerics":2"#, "numerics version 2"),
        (#""seed":0"#, #""seed":0,"stopping":{"patience":0}"#, "patience"),
        (#""seed":0"#, #""seed":0,"stopping":{"los":1}"#, "no field 'stopping.los' (did you mean 'loss'?)"),
        (#""seed":0"#, #""seed":0,"clipping":{"norm":1,"value":1}"#, "'clipping' has no usable value"),
        (#""seed":0"#, #""seed":0,"clipping":{"norm":"Infinity"}"#, "inf"),
        (#""seed":0"#, #""seed":0,"schedule":{"name":"constant","hyperparameters":{},"sequence":[]}"#, "schedule"),
        (#""b":"uniform""#, #""b":"Infinity""#, "b cannot start from inf"),
    ])
    func `a value outside its range is refused with its name`(piece: String, other: String, names: String) throws {
        let text = try Self.text()
        try #require(text.contains(piece))

        let error = #expect(throws: LearningError.self) {
            try RunConfiguration(json: text.replacing(piece, with: other, maxReplacements: 1))
        }

        #expect(error?.description.contains(names) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["", "null", "3", "[]", "\"x\"", "{}", "not JSON", "\u{0}"])
    func `what is no configuration is refused`(text: String) {
        let error = #expect(throws: LearningError.self) { try RunConfiguration(json: text) }

        #expect(error?.code == .invalidConfiguration)
    }

    @Test
    func `forks of forks are read, but not without end`() throws {
        var configuration = try RunSpec().configuration()
        for step in 1...64 { configuration.fork = ForkPoint(step: step, of: configuration) }
        #expect(try RunConfiguration(json: configuration.canonicalJSON()) == configuration)

        configuration.fork = ForkPoint(step: 65, of: configuration)

        let text = try configuration.canonicalJSON()
        #expect(throws: LearningError.self) { try RunConfiguration(json: text) }
    }
}
