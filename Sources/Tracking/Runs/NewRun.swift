/// A run of a built-in model before it starts: everything a planner knows of it.
///
/// A recorded run that is read has none of a model's settings: texts are empty, counts are 0, and there are no data.
///
/// What repeats the configuration is not stored a second time: the columns of the same names are generated from `config`,
/// and are what the configuration says. `recipe` and the resolved `batchSize` are stored.
package struct NewRun: Sendable, Equatable {
    /// Unique in the file where it is given.
    package var name: String?
    package var datasetID: Int64?
    /// The same in every copy of the run; nil has the notebook make one.
    package var identity: String?
    /// The run that this one forks, and the first step of its own.
    package var parentRunID: Int64?
    package var parentStep: Int?
    /// The model with its arguments, and the columns of its steps.
    package var stepSchema: StepSchema
    package var model: String { stepSchema.model }
    package var recipe: String?
    package var optimizer: String
    package var learningRate: Double
    package var batchSize: Int
    package var seed: Int64
    package var loss: String
    package var dtype: String
    package var gradients: String
    package var steps: Int
    /// The whole configuration as canonical JSON: it alone decides the run's numbers.
    package var config: String
    /// Of `config`: runs with equal hashes have equal numbers.
    package var configHash: String
    /// Names the configuration without its seed: runs that share it are replicates.
    package var groupID: String

    package init(
        name: String? = nil, datasetID: Int64?, parentRunID: Int64? = nil, parentStep: Int? = nil,
        stepSchema: StepSchema,
        recipe: String? = nil, optimizer: String, learningRate: Double, batchSize: Int, seed: Int64, loss: String,
        dtype: String, gradients: String, steps: Int,
        config: String, configHash: String, groupID: String
    ) {
        self.name = name
        self.datasetID = datasetID
        self.parentRunID = parentRunID
        self.parentStep = parentStep
        self.stepSchema = stepSchema
        self.recipe = recipe
        self.optimizer = optimizer
        self.learningRate = learningRate
        self.batchSize = batchSize
        self.seed = seed
        self.loss = loss
        self.dtype = dtype
        self.gradients = gradients
        self.steps = steps
        self.config = config
        self.configHash = configHash
        self.groupID = groupID
    }
}
