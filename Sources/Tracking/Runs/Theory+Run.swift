package import Theory

extension Objective {
    /// What `run` minimizes on `dataset`; nil for a model or a loss of which no exact surface is known.
    package init?(_ dataset: Dataset, of run: NewRun) {
        guard let surface = dataset.lossSurfaces[run.model], let loss = LossKind(rawValue: run.loss),
            surface.parameters == run.stepSchema.parameters
        else { return nil }
        self.init(
            surface, loss: loss, isSinglePrecision: run.dtype == "float32",
            samples: Samples(features: PowerFeatures(model: run.model), x: dataset.x, y: dataset.y))
    }
}

extension Method {
    /// How `run` descends on data of so many samples.
    package init(of run: NewRun, _ configuration: ConfigurationFields, sampleCount: Int) {
        self.init(
            configuration: configuration.values, optimizer: run.optimizer, learningRate: run.learningRate,
            batchSize: run.batchSize, sampleCount: sampleCount)
    }
}

extension Ending {
    package init(_ state: RunState) {
        self =
            switch state {
            case .done: .done
            case .diverged: .diverged
            case .failed: .failed
            default: .other
            }
    }
}

extension LossSurface {
    /// The final values of the surface's parameters in their order; nil where one is missing.
    package func finalValues(_ parameters: [ParameterValues]) -> [Double]? {
        let values = self.parameters.compactMap { name in parameters.first { $0.name == name }?.final }
        return values.count == self.parameters.count ? values : nil
    }
}
