package import Autograd
package import Randomness

/// A number type a run can be computed in: one that tensors can hold and random streams can draw.
package typealias TrainingScalar = TensorScalar & TorchScalar
