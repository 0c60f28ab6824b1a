import Tracking

/// Reads what runs minimize: each data set and each problem once, because thousands of runs may share it.
struct ProblemReader {
    private struct Key: Hashable {
        let dataset: Int64
        let model: String
        let loss: String
        let dtype: String
    }

    private let store: Store
    private var datasets: [Int64: Dataset] = [:]
    private var problems: [Key: OptimizationProblem] = [:]

    init(_ store: Store) {
        self.store = store
    }

    mutating func problem(of run: Run) throws -> OptimizationProblem {
        let (plan, data) = (run.plan, try run.trainingData)
        let key = Key(dataset: data, model: plan.model, loss: plan.loss, dtype: plan.dtype)
        if let known = problems[key] { return known }
        let dataset = try datasets[data] ?? read(data)
        datasets[data] = dataset
        let problem = OptimizationProblem(dataset, of: plan)
        problems[key] = problem
        return problem
    }

    /// What is said of data that changed would not be true.
    private func read(_ id: Int64) throws -> Dataset {
        let dataset = try store.datasets.find(id: id)
        try dataset.mustBeComplete()
        return dataset
    }
}
