import Foundation
import Learning
import TestModels
import Testing
import TextFormats

/// Models as they are typed and stored, and what their parameters are called.
struct ModelConfigurationTests {
    @Test(arguments: [
        ("quadratic", "quadratic"), ("series", "series:degree=1"), ("series:degree=3", "series:degree=3"),
        ("tensor-series:degree=3.0", "tensor-series:degree=3"),
    ])
    func `a model is stored as its canonical text`(typed: String, canonical: String) throws {
        let model = try TestModels.model(typed)

        #expect(model.text == canonical)
        #expect(try TestModels.model(canonical) == model)
        let json = String(decoding: try JSONEncoder().encode([model]), as: UTF8.self)
        #expect(json == "[\"\(canonical)\"]")
        #expect(try JSONDecoder().decode([ModelConfiguration].self, from: Data(json.utf8)) == [model])
    }

    @Test(arguments: [
        (
            "quadratik",
            "there is no model 'quadratik' (did you mean 'quadratic'?); the models are quadratic"
        ), ("series:degree", "'degree' in the model 'series:degree' is not one new NAME=VALUE"),
        ("series:degree=1,degree=2", "is not one new NAME=VALUE"),
        ("series:degree=1.5", "degree is a whole number of at least 0, not '1.5'"),
        ("series:width=3", "width"), ("quadratic:degree=2", "degree"), ("", "there is no model ''"),
    ])
    func `a model that does not exist is refused with a sentence`(text: String, sentence: String) {
        let error = #expect(throws: LearningError.self) { try TestModels.model(text) }

        #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }

    @Test
    func `a stored configuration of an unknown model says so`() throws {
        let json = try RunSpec().configuration().canonicalJSON()
        let other = json.replacing("\"model\":\"quadratic\"", with: "\"model\":\"cubic\"")

        let error = #expect(throws: LearningError.self) { try RunConfiguration(json: other) }

        #expect(error?.description.hasPrefix("there is no model 'cubic'") == true)
    }

    @Test
    func `scalars keep their names and the scalars of a tensor get indices`() throws {
        let layout = ParameterLayout([("weight", [2, 3]), ("bias", [2]), ("scale", [])])

        #expect(
            layout.names == [
                "weight_0_0", "weight_0_1", "weight_0_2", "weight_1_0", "weight_1_1", "weight_1_2", "bias_0", "bias_1",
                "scale",
            ])
        #expect(layout.parameters.map(\.range) == [0..<6, 6..<8, 8..<9])
        #expect(layout.position(of: "bias_1") == 7)
        #expect(layout.position(of: "bias") == nil)
        #expect(try TestModels.model("series:degree=2").layout.names == ["c0", "c1", "c2"])
        #expect(try TestModels.model("tensor-series:degree=2").layout.count == 3)
    }

    @Test(arguments: [
        ("uniform", ["a": InitialValue.uniform, "k": .uniform]), ("normal", ["a": .normal, "k": .normal]),
        ("k=normal,a=-1e3", ["a": .value(-1000), "k": .normal]),
    ])
    func `a start is one value per parameter, or one word for all`(text: String, values: [String: InitialValue]) throws
    {
        let layout = try TestModels.model("exponential").layout

        #expect(try Initialization(text: text, of: layout) == Initialization(values))
    }

    @Test(arguments: ["", "a=1", "a=1,b=2", "a=1,k=2,a=3", "a=1,k=inf", "3", "a=1,k=2,"])
    func `a start that is none is refused with the names of the parameters`(text: String) throws {
        let layout = try TestModels.model("exponential").layout

        let error = #expect(throws: LearningError.self) { try Initialization(text: text, of: layout) }

        #expect(
            error?.description
                == "'\(text)' is not a start for a and k; give normal, uniform or a=0.5,k=0")
    }

    @Test
    func `a start of another model is refused`() throws {
        var configuration = try RunSpec().configuration()
        configuration.model = try TestModels.model("exponential")

        let error = #expect(throws: LearningError.self) { try configuration.validate(sampleCount: 100) }

        #expect(error?.code == .invalidInitialization)
        #expect(error?.description.contains("a and k, and the start is one for b and w") == true)
    }
}
