package import Autograd
package import Randomness
import Theory

/// A way to compute a batch's loss and its gradients at given parameters: the implementation of a ``GradientMethod``.
///
/// Conforming types differ in who differentiates and in whose order of operations is followed, down to the bit.
protocol DifferentiationMethod<Scalar> {
    associatedtype Scalar: TrainingScalar
    /// A batch in the form this method wants it.
    associatedtype Batch

    /// - Throws: `LearningError` when the model does not support the method.
    init(_ model: ModelConfiguration, loss: LossKind) throws(LearningError)

    /// The batch of the samples at `indices` among all.
    func makeBatch(of samples: Samples<Scalar>, at indices: ArraySlice<Int>) -> Batch

    /// Returns the loss at `parameters`, the flat list, and writes its gradients, in the same order.
    mutating func evaluate(at parameters: [Scalar], on batch: Batch, gradients: inout [Scalar]) throws -> Scalar
}

/// All samples of a run in its number type.
struct Samples<Scalar: TrainingScalar> {
    /// The features of all samples, sample by sample.
    let features: [Scalar]
    let targets: [Scalar]
    /// The number of features of one sample.
    let width: Int

    init(_ data: TrainingData, for model: any Model) {
        width = model.features(of: data.x[0]).count
        features = data.x.flatMap { model.features(of: $0).map { Scalar($0) } }
        targets = data.y.map { Scalar($0) }
    }

    /// The features of the samples at `indices`, sample by sample.
    func features(at indices: ArraySlice<Int>) -> [Scalar] {
        if width == 1 { return indices.map { features[$0] } }
        return indices.flatMap { features[width * $0..<width * ($0 + 1)] }
    }
}

/// A batch as the methods want it that record tensors.
struct TensorBatch<Scalar: TrainingScalar> {
    /// Of shape [samples, width].
    let features: Tensor<Scalar>
    /// A column of shape [samples, 1].
    let targets: Tensor<Scalar>

    /// The samples at `indices`.
    init(of samples: Samples<Scalar>, at indices: ArraySlice<Int>) {
        features =
            samples.width == 1
            ? .column(of: samples.features, at: indices)
            : Tensor(samples.features(at: indices), shape: [indices.count, samples.width])
        targets = .column(of: samples.targets, at: indices)
    }
}

/// A number type a run can be computed in: one that tensors can hold and random streams can draw.
package typealias TrainingScalar = TensorScalar & TorchScalar

/// A model's parameters as leaf tensors of the layout's shapes, where a scalar has the shape [1, 1].
struct ParameterLeaves<Scalar: TrainingScalar> {
    let tensors: [Tensor<Scalar>]
    private let ranges: [Range<Int>]

    init(_ layout: ParameterLayout) {
        tensors = layout.parameters.map { parameter in
            .zeros(shape: parameter.shape.isEmpty ? [1, 1] : parameter.shape, requiresGrad: true)
        }
        ranges = layout.parameters.map(\.range)
    }

    /// Takes over the values of the flat list, and forgets the gradients at earlier ones.
    @inline(__always)
    func assign(_ values: [Scalar]) {
        noGrad {
            for index in tensors.indices {
                let (tensor, range) = (tensors[index], ranges[index])
                tensor.zeroGrad()
                if range.count == 1 {
                    tensor.fill(values[range.lowerBound])
                } else {
                    tensor.assign(Array(values[range]))
                }
            }
        }
    }

    /// Writes the leaves' gradients to the flat list; those of a leaf that the loss does not depend on are 0.
    @inline(__always)
    func readGradients(into gradients: inout [Scalar]) throws {
        for index in tensors.indices { try read(tensors[index].grad, of: index, into: &gradients) }
    }

    /// Writes a gradient of the leaf at `index` to its place in the flat list.
    @inline(__always)
    func read(_ gradient: Tensor<Scalar>?, of index: Int, into gradients: inout [Scalar]) throws {
        let range = ranges[index]
        if range.count == 1 {
            gradients[range.lowerBound] = try gradient?.item() ?? 0
        } else if let gradient {
            gradients.replaceSubrange(range, with: gradient.scalars)
        } else {
            for position in range { gradients[position] = 0 }
        }
    }
}
