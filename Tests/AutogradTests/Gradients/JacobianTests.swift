import Autograd
import Testing

struct JacobianTests {
    @Test func `the chapter's Jacobian in one call`() throws {
        let x = Tensor<Float>([2, 3], shape: [2], requiresGrad: true)
        let y = Tensor.stack([x[0].pow(2) + 3 * x[1], x[1].pow(2) + 2 * x[0]])

        let matrix = try jacobian(of: y, withRespectTo: x)

        #expect(matrix.shape == [2, 2])
        #expect(matrix.scalars == [4, 3, 2, 6])
        #expect(x.grad == nil)
    }

    @Test func `the shape of a Jacobian is that of the output and then that of the input`() throws {
        let x = Tensor<Double>([1, 2, 3, 4, 5, 6], shape: [2, 3], requiresGrad: true)
        let matrix = try jacobian(of: x.sum(over: [0]), withRespectTo: x)
        #expect(matrix.shape == [3, 2, 3])
        #expect(matrix[1].scalars == [0, 1, 0, 0, 1, 0])
    }

    @Test func `the Hessian of a quadratic is its matrix`() throws {
        let matrix = Tensor<Double>([2, 1, 1, 4], shape: [2, 2])
        let found = try hessian(at: Tensor([0.3, -0.7], shape: [2])) { x in
            0.5 * x.matmul(matrix.matmul(x))
        }
        #expect(found.shape == [2, 2])
        #expect(found.scalars == [2, 1, 1, 4])
    }

    @Test func `the Hessian of a linear function is zero`() throws {
        let found = try hessian(at: Tensor<Double>([1, 2], shape: [2])) { ($0 * 3).sum() }
        #expect(found.scalars == [0, 0, 0, 0])
    }

    @Test func `a value comes with its gradient`() throws {
        let (value, slope) = try valueWithGradient(at: Tensor<Double>([1, 2, 3], shape: [3])) { $0.pow(2).sum() }
        #expect(value.scalars == [14])
        #expect(slope.scalars == [2, 4, 6])
        #expect(!value.requiresGrad)
    }

    @Test func `a gradient is given for a result of an operation, too`() throws {
        let x = Tensor<Double>([1, 2], shape: [2], requiresGrad: true)
        let y = x * x
        let slope = try gradient(of: (3 * y).sum(), withRespectTo: y)
        #expect(slope.scalars == [3, 3])
        #expect(x.grad == nil)
    }

    @Test func `an unused input has no gradient if that is allowed`() throws {
        let x = Tensor<Double>([1], shape: [1], requiresGrad: true)
        let z = Tensor<Double>([1], shape: [1], requiresGrad: true)
        let slopes = try gradient(of: x * 2, withRespectTo: [x, z], allowUnused: true)
        #expect(slopes[0]?.scalars == [2])
        #expect(slopes[1] == nil)
    }
}
