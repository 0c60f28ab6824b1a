import Testing

@testable import Learning

/// Cut gradients, bit for bit as PyTorch 2.15's `clip_grad_norm_` and `clip_grad_value_` leave them.
struct GradientClippingTests {
    @Test(arguments: [
        ([0.3, -0.7], 0.1, [0.03939187813384676, -0.0919143823123091]),
        ([2.5, 0.001], 1.7, [1.699999184000397, 0.0006799996736001588]),
        ([1e3, -2e4], 0.5, [0.024968808470699235, -0.49937616941398466]),
        ([0.3, -0.4], 0.6, [0.3, -0.4]),
    ])
    func `64-bit gradients are scaled to a norm`(gradients: [Double], bound: Double, expected: [Double]) {
        #expect(GradientClipping.norm(bound).clipped(gradients) == expected)
    }

    @Test(arguments: [
        ([0.3, -0.7], 0.1, [0.03939187899231911, -0.09191437810659409]),
        ([2.5, 0.001], 1.7, [1.6999990940093994, 0.0006799997063353658]),
        ([1e3, -2e4], 0.5, [0.024968808516860008, -0.49937617778778076]),
    ])
    func `32-bit gradients are scaled to a norm`(gradients: [Float], bound: Double, expected: [Float]) {
        #expect(GradientClipping.norm(bound).clipped(gradients) == expected)
    }

    @Test func `one NaN makes all gradients NaN when scaled, and stays alone when cut`() {
        let scaled = GradientClipping.norm(1).clipped([1.0, .nan])
        #expect(scaled[0].isNaN && scaled[1].isNaN)
        let cut = GradientClipping.value(0.5).clipped([1.0, .nan])
        #expect(cut[0] == 0.5 && cut[1].isNaN)
    }
}
