import Learning
import Theory
package import Tracking

/// Turns configurations into rows of the notebook.
package struct RunRowBuilder {
    /// By configuration without its seed: all replicates share one.
    private var configurationIDs: [RunConfiguration: String] = [:]

    package init() {}

    /// A run as it is queued.
    package mutating func plannedRun(
        _ run: PreparedRun, datasetID: Int64, name: String? = nil, parent: Int64? = nil
    ) throws -> NewRun {
        let configuration = run.configuration
        let json = try configuration.canonicalJSON()
        return NewRun(
            name: name,
            datasetID: datasetID,
            parentRunID: parent,
            parentStep: configuration.fork?.step,
            stepSchema: configuration.stepSchema,
            recipe: run.recipe?.rawValue,
            optimizer: configuration.optimizer.name,
            learningRate: configuration.optimizer.learningRate,
            batchSize: configuration.batchSize.resolved(of: run.data.count),
            seed: configuration.seed,
            loss: configuration.loss.rawValue,
            dtype: configuration.dtype.rawValue,
            gradients: configuration.gradients.rawValue,
            steps: configuration.steps,
            config: json,
            configHash: ContentHash.sha256(of: json),
            groupID: try configurationID(of: configuration))
    }

    /// The same run for another number of steps.
    mutating func plannedRun(_ run: NewRun, lengthenedTo steps: Int) throws -> NewRun {
        var configuration = try RunConfiguration(json: run.config)
        configuration.steps = steps
        var planned = run
        planned.steps = steps
        planned.config = try configuration.canonicalJSON()
        planned.configHash = ContentHash.sha256(of: planned.config)
        planned.groupID = try configurationID(of: configuration)
        return planned
    }

    private mutating func configurationID(of configuration: RunConfiguration) throws -> String {
        let replicate = configuration.onSeed(0)
        if let known = configurationIDs[replicate] { return known }
        let id = String(ContentHash.sha256(of: try replicate.canonicalJSON()).prefix(12))
        configurationIDs[replicate] = id
        return id
    }
}
