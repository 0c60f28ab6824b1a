import Testing
import Theory

/// Which edge and which first step theory gives a run with these settings.
struct MethodTests {
    private static func method(
        _ optimizer: String = "sgd", _ settings: [String: String] = [:], batchSize: Int = 10, count: Int = 10
    ) -> Method {
        let hyperparameters = settings.map { key, value in
            (
                ["momentum", "nesterov", "dampening", "weight_decay", "eps", "alpha", "maximize", "centered"].contains(
                    key)
                    ? "optimizer.hyperparameters." + key : key, value
            )
        }
        return Method(
            configuration: Dictionary(uniqueKeysWithValues: hyperparameters), optimizer: optimizer, learningRate: 0.1,
            batchSize: batchSize, sampleCount: count)
    }

    @Test(
        arguments: [
            (method(), 2), (method("sgd", ["momentum": "0.9"]), 3.8),
            (method("sgd", ["momentum": "0.5", "nesterov": "true"]), 1.5), (method("adam"), nil),
            (method("sgd", ["schedule.kind": "cosine"]), nil), (method("sgd", ["clipping.norm": "1"]), nil),
            (method("sgd", ["optimizer.parameters.w.lr": "1"]), nil), (method("sgd", ["weight_decay": "0.1"]), nil),
            (method("sgd", ["dampening": "0.1"]), nil), (method("sgd", ["maximize": "true"]), nil),
            (method("sgd", ["fork.step": "5"]), 2),
        ] as [(Method, Double?)])
    func `the edge is known of descent with momentum and constant settings`(method: Method, edge: Double?) {
        #expect(method.stabilityEdge == edge)
    }

    @Test(arguments: [
        ([:], 10, true), ([:], 12, true), ([:], 9, false), (["batch_size": "full"], 10, true),
        (["sampling": "iid"], 10, false), (["sampling": "iid", "batch_size": "full"], 10, true),
    ])
    func `a batch is full if it holds every sample once`(settings: [String: String], batchSize: Int, isFull: Bool) {
        let method = Self.method("sgd", settings, batchSize: batchSize)

        #expect(method.isFullBatch == isFull)
        #expect(method.fullBatchEdge == (isFull ? 2 : nil))
    }

    @Test(
        arguments: [
            (method(), 0.1 * 3), (method("sgd", ["momentum": "0.5", "nesterov": "true"]), 0.1 * 3 * 1.5),
            (method("adam", ["eps": "1"]), 0.1 * 3 / 4), (method("adagrad", ["eps": "0"]), 0.1 * 3 / 3),
            (method("rmsprop", ["alpha": "0.75", "eps": "0.5"]), 0.1 * 3 / (0.5 * 3 + 0.5)), (method("lion"), 0.1),
            (method("adam", ["fork.step": "5"]), nil), (method("lbfgs"), nil),
            (method("rmsprop", ["alpha": "0.75", "centered": "true"]), nil),
        ] as [(Method, Double?)])
    func `the first step follows from one gradient`(method: Method, length: Double?) {
        #expect(method.firstStepLength(gradient: -3) == length)
    }
}
