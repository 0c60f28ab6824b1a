import Learning
import Testing
import TextFormats

/// What settings an optimizer accepts, and the sentences it refuses others with.
struct HyperparameterTests {
    @Test(arguments: [
        ("sgd", ["momentum": "-0.1"]), ("sgd", ["weight_decay": "-1"]), ("sgd", ["nesterov": "true"]),
        ("sgd", ["nesterov": "true", "momentum": "0.9", "dampening": "0.1"]),
        ("sgd", ["nesterov": "maybe", "momentum": "0.9"]),
        ("adam", ["beta1": "1"]), ("adam", ["beta2": "-0.1"]), ("adam", ["eps": "-1e-8"]), ("adam", ["eps": "nan"]),
        ("adamw", ["beta2": "1"]), ("adamw", ["weight_decay": "-0.01"]),
        ("nadam", ["momentum_decay": "-1"]), ("nadam", ["beta1": "1.5"]), ("radam", ["eps": "inf"]),
        ("adamax", ["beta2": "1"]), ("adagrad", ["lr_decay": "-1"]), ("adagrad", ["initial_accumulator_value": "-1"]),
        ("adadelta", ["rho": "1.1"]), ("adadelta", ["eps": "-1"]),
        ("rmsprop", ["alpha": "-0.1"]), ("rmsprop", ["momentum": "-0.1"]),
        ("rprop", ["eta_minus": "0"]), ("rprop", ["eta_minus": "1"]), ("rprop", ["eta_plus": "1"]),
        ("rprop", ["step_min": "1", "step_max": "0.5"]),
        ("asgd", ["lambd": "-1"]), ("asgd", ["alpha": "-1"]), ("asgd", ["t0": "inf"]),
        ("lbfgs", ["line_search_fn": "armijo"]), ("lbfgs", ["max_iter": "0"]), ("lbfgs", ["history_size": "1.5"]),
        ("lbfgs", ["max_eval": "some"]),
        ("adafactor", ["beta2_decay": "0.1"]), ("adafactor", ["eps1": "-1"]), ("adafactor", ["d": "0.5"]),
        ("lion", ["beta1": "1"]), ("lion", ["weight_decay": "-1"]),
    ])
    func `a value outside PyTorch's range is refused by name`(optimizer: String, settings: [String: String]) {
        let error = #expect(throws: LearningError.self) {
            try OptimizerRegistry.configuration(named: optimizer, learningRate: nil, settings: settings)
        }
        #expect(settings.keys.contains { error?.description.contains($0) == true })
    }

    @Test(arguments: [
        ("sgd", ["dampening": "-0.5"]), ("adadelta", ["rho": "0"]), ("adadelta", ["rho": "1"]),
        ("adam", ["beta1": "0"]), ("adam", ["eps": "0"]),
        ("rmsprop", ["alpha": "1"]), ("rmsprop", ["alpha": "2"]), ("adafactor", ["beta2_decay": "0"]),
        ("adafactor", ["eps1": "auto"]), ("asgd", ["t0": "-5"]), ("lbfgs", ["max_eval": "auto", "max_iter": "1"]),
    ])
    func `a value at the edge of PyTorch's range is accepted`(optimizer: String, settings: [String: String]) throws {
        let configuration = try OptimizerRegistry.configuration(
            named: optimizer, learningRate: nil, settings: settings)

        #expect(
            configuration.hyperparameters[settings.keys.sorted()[0]]?.description
                == settings.sorted { $0.key < $1.key }[0].value)
    }

    @Test(arguments: OptimizerRegistry.all.map { $0.name })
    func `an optimizer's configuration survives its own text`(_ name: String) throws {
        var request = RunSpec()
        request.optimizer = name
        let configuration = try request.configuration()

        let text = try configuration.canonicalJSON()

        #expect(try RunConfiguration(json: text) == configuration)
    }

    @Test
    func `a wrong name gets the nearest right one and the list`() {
        let error = #expect(throws: LearningError.self) {
            try OptimizerRegistry.configuration(named: "adam", learningRate: nil, settings: ["betal": "0.5"])
        }
        #expect(
            error?.description
                == "'betal' is not a hyperparameter of adam (did you mean 'beta1'?); it has beta1, beta2, eps, "
                + "weight_decay, amsgrad, maximize, decoupled_weight_decay")
    }

    @Test
    func `a setting of one parameter is kept apart, unless it says what holds anyway`() throws {
        let configuration = try OptimizerRegistry.configuration(
            named: "sgd", learningRate: 0.1,
            settings: ["momentum": "0.5", "b.lr": "0.01", "w.momentum": "0.9", "b.momentum": "0.5", "w.lr": "0.1"])

        #expect(configuration.hyperparameters["momentum"] == .number(0.5))
        #expect(configuration.parameters == ["b": ["lr": .number(0.01)], "w": ["momentum": .number(0.9)]])
    }

    @Test(arguments: [
        ("sgd", "c.lr", "0.1", "no parameter 'c'"), ("sgd", "b.lr", "-0.1", "lr is a number of at least 0"),
        ("sgd", "b.speed", "1", "'speed' is not a hyperparameter of sgd for b"),
        ("sgd", "b.nesterov", "true", "nesterov needs a momentum"), ("lbfgs", "b.lr", "0.5", "all parameters together"),
    ])
    func `a bad setting of one parameter is refused`(
        optimizer: String, name: String, text: String, sentence: String
    ) {
        let error = #expect(throws: LearningError.self) {
            try OptimizerRegistry.configuration(named: optimizer, learningRate: nil, settings: [name: text])
        }
        #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
    }
}
