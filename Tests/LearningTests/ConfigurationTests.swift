import Learning
import Testing
import TextFormats

/// What a configuration says, and what it refuses to say.
struct ConfigurationTests {
    @Test
    func `without a recipe the documented defaults hold`() throws {
        let configuration = try RunSpec().configuration()

        #expect(
            try configuration.canonicalJSON()
                == #"{"batch_size":10,"data":{"kind":"chapter","noise":0.2,"samples":100,"seed":100},"dtype":"float64","gradients":"autograd","initialization":{"b":"uniform","w":"uniform"},"loss":"mse","model":"quadratic","numerics":1,"optimizer":{"hyperparameters":{"dampening":0,"fused_multiply_add":true,"maximize":false,"momentum":0,"nesterov":false,"weight_decay":0},"lr":0.1,"name":"sgd"},"randomness":{"stream":"numpy"},"sampling":"shuffled","seed":0,"steps":500}"#
        )
    }

    @Test(arguments: Recipe.allCases)
    func `a configuration survives its own text`(_ recipe: Recipe) throws {
        let configuration = try RunSpec(recipe).configuration()

        let text = try configuration.canonicalJSON()

        #expect(try RunConfiguration(json: text) == configuration)
        #expect(try RunConfiguration(json: text).canonicalJSON() == text)
    }

    @Test
    func `seeds are replicates of one configuration`() throws {
        var request = RunSpec()
        request.seed = 1
        let first = try request.configuration()
        request.seed = 2
        let second = try request.configuration()

        #expect(try first.canonicalJSON() != second.canonicalJSON())
        #expect(try first.canonicalJSONIgnoringSeed() == second.canonicalJSONIgnoringSeed())
    }

    @Test
    func `epochs are the steps they take, a short last batch included`() throws {
        var request = RunSpec()
        request.batchSize = .samples(32)
        request.length = .epochs(100)

        #expect(try request.configuration().steps == 400)
    }

    @Test
    func `another optimizer leaves the recipe's hyperparameters behind`() throws {
        var request = RunSpec(.numpy)
        request.optimizer = "sgd"
        request.hyperparameters = ["momentum": "0.9"]

        let optimizer = try request.configuration().optimizer

        #expect(optimizer.hyperparameters["momentum"] == .number(0.9))
        #expect(optimizer.hyperparameters["fused_multiply_add"] == .flag(false))
    }

    @Test(arguments: ["{", "[]", "{}", #"{"seed":"x"}"#])
    func `a text that is no configuration is refused with a sentence`(_ text: String) {
        let error = #expect(throws: LearningError.self) { try RunConfiguration(json: text) }
        #expect(error?.description.contains("cannot be read") == true)
    }
}
