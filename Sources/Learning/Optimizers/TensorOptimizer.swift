package import Autograd
import TextFormats

/// A rule of the registry at work on leaf tensors, as PyTorch's training loops use one.
///
///     let optimizer = try TensorOptimizer(SGD.self, [w, b], learningRate: 0.001)
///     for _ in 0..<10_000 {
///         let loss = (x.pow(2).matmul(w) + b).meanSquaredError(to: y)
///         try loss.backward()
///         optimizer.step()
///         optimizer.zeroGrad()
///     }
///
/// Every tensor has a state of its own, and one without a gradient is left alone, state included. Training runs go
/// through the same rules on plain numbers. ``Adafactor`` takes every number as a matrix of its own; ``LBFGS``, which
/// evaluates the loss itself, has no place here.
package final class TensorOptimizer<Scalar: TensorScalar> {
    /// May be changed between steps.
    package var learningRate: Double

    private var members: [Member]

    private struct Member {
        let parameter: Tensor<Scalar>
        var optimizer: any Optimizer<Scalar>
    }

    /// Takes hyperparameters by their names; those not in `settings` have their defaults.
    /// - Throws: `LearningError`, in PyTorch's words where it refuses the same.
    package init(
        _ rule: any OptimizerDescriptor.Type, _ parameters: [Tensor<Scalar>], learningRate: Double? = nil,
        _ settings: [String: HyperparameterValue] = [:]
    ) throws(LearningError) {
        guard !parameters.isEmpty else {
            throw LearningError(.invalidParameters, "optimizer got an empty parameter list")
        }
        guard parameters.allSatisfy(\.isLeaf) else {
            throw LearningError(.invalidParameters, "can't optimize a non-leaf Tensor")
        }
        let rate = learningRate ?? rule.defaultLearningRate
        let configured: any OptimizerDescriptor
        do {
            let defaults = try OptimizerRegistry.configuration(named: rule.name, learningRate: rate, settings: [:])
            configured = try OptimizerRegistry.makeDescriptor(
                OptimizerConfiguration(
                    name: rule.name, learningRate: rate,
                    hyperparameters: defaults.hyperparameters.merging(settings) { $1 }))
        } catch {
            throw LearningError(
                error.code, error.torchDescription.map { MessageText($0) } ?? error.message,
                advice: error.torchDescription == nil ? error.advice : nil, underlying: error)
        }
        self.learningRate = rate
        members = []
        for parameter in parameters {
            guard
                case .direct(let optimizer) = configured.makeOptimizer(
                    of: Scalar.self, parameterCount: parameter.count)
            else {
                throw LearningError(
                    .unknownOptimizer, "\(rule.name) evaluates the loss several times in a step",
                    advice: "use it through a training run")
            }
            members.append(Member(parameter: parameter, optimizer: optimizer))
        }
    }

    /// Moves every tensor that has a gradient by one step, unrecorded.
    package func step() {
        let settings = StepSettings(learningRate: learningRate)
        for index in members.indices {
            let parameter = members[index].parameter
            guard let gradient = parameter.grad else { continue }
            var numbers = parameter.scalars
            members[index].optimizer.update(&numbers, gradients: gradient.scalars, settings: settings)
            noGrad { parameter.copy(from: Tensor(numbers, shape: parameter.shape)) }
        }
    }

    /// Forgets the gradients of all tensors, or with `setToNil` false makes the numbers of each 0 in place.
    package func zeroGrad(setToNil: Bool = true) {
        for member in members {
            guard !setToNil, let gradient = member.parameter.grad?.detach() else {
                member.parameter.zeroGrad()
                continue
            }
            gradient.copy(from: .zeros(shape: []))
            member.parameter.grad = gradient
        }
    }
}
