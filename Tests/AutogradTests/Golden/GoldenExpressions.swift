import Autograd

/// The expressions of `autograd.json` in Swift; `t` are the inputs a, b, c, d.
enum GoldenExpressions {
    typealias T = Tensor<Double>
    typealias Expression = @Sendable (_ t: [T], _ golden: AutogradGolden.Case) -> T

    static let all = [arithmetic, functions, kinks, reductions, matrices, shapes, selections, losses, composites]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    private static let arithmetic: [String: Expression] = [
        "a + b": { t, _ in t[0] + t[1] },
        "a - b": { t, _ in t[0] - t[1] },
        "a * b": { t, _ in t[0] * t[1] },
        "a / b": { t, _ in t[0] / t[1] },
        "a + 3": { t, _ in t[0] + 3 },
        "0.25 + a": { t, _ in 0.25 + t[0] },
        "a - 0.25": { t, _ in t[0] - 0.25 },
        "3 - a": { t, _ in 3 - t[0] },
        "a * 0.25": { t, _ in t[0] * 0.25 },
        "3 * a": { t, _ in 3 * t[0] },
        "a / 3": { t, _ in t[0] / 3 },
        "3 / a": { t, _ in 3 / t[0] },
        "torch.add(a, b, alpha=0.25)": { t, _ in t[0].adding(t[1], times: 0.25) },
        "-a": { t, _ in -t[0] },
        "a ** 2": { t, _ in t[0].pow(2) },
        "a ** 3": { t, _ in t[0].pow(3) },
        "a ** 1": { t, _ in t[0].pow(1) },
        "a ** 0": { t, _ in t[0].pow(0) },
        "a ** -1": { t, _ in t[0].pow(-1) },
        "a ** -2": { t, _ in t[0].pow(-2) },
        "a ** 0.5": { t, _ in t[0].pow(0.5) },
        "a ** 2.5": { t, _ in t[0].pow(2.5) },
        "a ** -1.5": { t, _ in t[0].pow(-1.5) },
        "a ** b": { t, _ in t[0].pow(t[1]) },
        "2.0 ** a": { t, _ in .pow(2, t[0]) },
    ]

    private static let functions: [String: Expression] = [
        "a.exp()": { t, _ in t[0].exp() },
        "a.log()": { t, _ in t[0].log() },
        "a.sqrt()": { t, _ in t[0].squareRoot() },
        "a.sin()": { t, _ in t[0].sin() },
        "a.cos()": { t, _ in t[0].cos() },
        "a.tanh()": { t, _ in t[0].tanh() },
        "a.sigmoid()": { t, _ in t[0].sigmoid() },
        "a.reciprocal()": { t, _ in t[0].reciprocal() },
        "a.square()": { t, _ in t[0].square() },
        "a.log1p()": { t, _ in t[0].logOnePlus() },
        "a.expm1()": { t, _ in t[0].expMinusOne() },
        "torch.nn.functional.softplus(a)": { t, _ in t[0].softplus() },
    ]

    private static let kinks: [String: Expression] = [
        "a.relu()": { t, _ in t[0].relu() },
        "a.abs()": { t, _ in t[0].abs() },
        "a.sign()": { t, _ in t[0].sign() },
        "a.clamp(-0.75, 0.9)": { t, _ in t[0].clamp(low: -0.75, high: 0.9) },
        "a.clamp(min=-0.75)": { t, _ in t[0].clamp(low: -0.75) },
        "a.clamp(max=0.9)": { t, _ in t[0].clamp(high: 0.9) },
        "a.clamp(-1.0, 1.0)": { t, _ in t[0].clamp(low: -1, high: 1) },
        "a.max()": { t, _ in t[0].max() },
        "a.max(dim=1).values": { t, _ in t[0].max(along: 1) },
        "a.max(dim=0, keepdim=True).values": { t, _ in t[0].max(along: 0, keepingDimension: true) },
        "torch.maximum(a, b)": { t, _ in .maximum(t[0], t[1]) },
        "a.min()": { t, _ in t[0].min() },
        "a.min(dim=1).values": { t, _ in t[0].min(along: 1) },
        "a.min(dim=0, keepdim=True).values": { t, _ in t[0].min(along: 0, keepingDimension: true) },
        "torch.minimum(a, b)": { t, _ in .minimum(t[0], t[1]) },
    ]

    private static let reductions: [String: Expression] = [
        "a.sum()": { t, _ in t[0].sum() },
        "a.sum(dim=0)": { t, _ in t[0].sum(over: [0]) },
        "a.sum(dim=1, keepdim=True)": { t, _ in t[0].sum(over: [1], keepingDimensions: true) },
        "a.sum(dim=-1)": { t, _ in t[0].sum(over: [-1]) },
        "a.sum(dim=(0, 2))": { t, _ in t[0].sum(over: [0, 2]) },
        "a.sum(dim=(1, 2), keepdim=True)": { t, _ in t[0].sum(over: [1, 2], keepingDimensions: true) },
        "(a * a).sum(dim=1)": { t, _ in (t[0] * t[0]).sum(over: [1]) },
        "a.mean()": { t, _ in t[0].mean() },
        "a.mean(dim=0)": { t, _ in t[0].mean(over: [0]) },
        "a.mean(dim=1, keepdim=True)": { t, _ in t[0].mean(over: [1], keepingDimensions: true) },
        "a.mean(dim=-1)": { t, _ in t[0].mean(over: [-1]) },
        "a.mean(dim=(0, 2))": { t, _ in t[0].mean(over: [0, 2]) },
        "a.mean(dim=(1, 2), keepdim=True)": { t, _ in t[0].mean(over: [1, 2], keepingDimensions: true) },
        "(a * a).mean(dim=1)": { t, _ in (t[0] * t[0]).mean(over: [1]) },
        "a.var()": { t, _ in t[0].variance() },
        "a.var(dim=1, unbiased=False)": { t, _ in t[0].variance(over: [1], correction: 0) },
        "a.std()": { t, _ in t[0].standardDeviation() },
        "a.softmax(dim=1)": { t, _ in t[0].softmax(along: 1) },
        "a.log_softmax(dim=1)": { t, _ in t[0].logSoftmax(along: 1) },
        "a.logsumexp(dim=0)": { t, _ in t[0].logSumExp(along: 0) },
        "a.prod()": { t, _ in t[0].product() },
        "a.cumsum(dim=1)": { t, _ in t[0].cumulativeSum(along: 1) },
        "a.norm()": { t, _ in t[0].norm() },
    ]

    private static let matrices: [String: Expression] = [
        "a.mm(b)": { t, _ in t[0].mm(t[1]) },
        "a.pow(2).mm(b)": { t, _ in t[0].pow(2).mm(t[1]) },
        "a @ b": { t, _ in t[0].matmul(t[1]) },
        "a.t() @ a": { t, _ in t[0].t().matmul(t[0]) },
        "torch.nn.functional.linear(a, b, c)": { t, _ in t[0].linear(weight: t[1], bias: t[2]) },
    ]

    private static let shapes: [String: Expression] = [
        "a.t()": { t, _ in t[0].t() },
        "a.transpose(0, 2)": { t, _ in t[0].transpose(0, 2) },
        "a.permute(2, 0, 1)": { t, _ in t[0].permute([2, 0, 1]) },
        "a.reshape(3, -1)": { t, _ in t[0].reshape([3, -1]) },
        "a.transpose(0, 1).reshape(-1)": { t, _ in t[0].transpose(0, 1).reshape([-1]) },
        "a.view(-1)": { t, _ in t[0].view([-1]) },
        "a.view(1, 24, 1)": { t, _ in t[0].view([1, 24, 1]) },
        "a.unsqueeze(1)": { t, _ in t[0].unsqueeze(1) },
        "a.unsqueeze(-1)": { t, _ in t[0].unsqueeze(-1) },
        "a.squeeze()": { t, _ in t[0].squeeze() },
        "a.squeeze(0)": { t, _ in t[0].squeeze(0) },
        "a.squeeze(1)": { t, _ in t[0].squeeze(1) },
        "a.flatten()": { t, _ in t[0].flatten() },
        "a.expand(4, 3)": { t, _ in t[0].expand(to: [4, 3]) },
        "a.expand(2, -1, 4)": { t, _ in t[0].expand(to: [2, -1, 4]) },
        "a.broadcast_to(2, 2, 3)": { t, _ in t[0].expand(to: [2, 2, 3]) },
        "a.repeat(2, 3)": { t, _ in t[0].repeat([2, 3]) },
    ]

    private static let selections: [String: Expression] = [
        "a[1]": { t, _ in t[0][1] },
        "a[:, 2]": { t, _ in t[0][.all, 2] },
        "a.select(1, -1)": { t, _ in t[0].select(1, -1) },
        "a[1, 2]": { t, _ in t[0][1, 2] },
        "a[1:3]": { t, _ in t[0][.slice(from: 1, to: 3)] },
        "a[:, 1:4:2]": { t, _ in t[0][.all, .slice(from: 1, to: 4, by: 2)] },
        "a[-2:]": { t, _ in t[0][.slice(from: -2)] },
        "a.narrow(1, 1, 2)": { t, _ in t[0].narrow(1, from: 1, count: 2) },
        "a[0, 0] ** 2 + 3 * a[0, 1]": { t, _ in t[0][0, 0].pow(2) + 3 * t[0][0, 1] },
        "a.index_select(0, i)": { t, golden in t[0].indexSelect(0, golden.indices) },
        "a.index_select(1, i)": { t, golden in t[0].indexSelect(1, golden.indices) },
        "a[i]": { t, golden in t[0].rows(golden.indices) },
        "a.gather(1, i)": { t, golden in t[0].gather(1, golden.indices, shape: golden.constants?.i?.shape ?? []) },
        "a[m]": { t, golden in t[0].maskedSelect(golden.mask) },
        "a.masked_fill(m, 7.5)": { t, golden in t[0].maskedFill(golden.mask, with: 7.5) },
        "torch.where(m, a, b)": { t, golden in .where(golden.mask, t[0], else: t[1]) },
        "torch.where(a > 0, a * a, b * a)": { t, _ in .where(t[0] > 0, t[0] * t[0], else: t[1] * t[0]) },
        "torch.cat([a, b], dim=0)": { t, _ in .cat([t[0], t[1]], along: 0) },
        "torch.cat([a, b, a], dim=1)": { t, _ in .cat([t[0], t[1], t[0]], along: 1) },
        "torch.stack([a, b], dim=0)": { t, _ in .stack([t[0], t[1]], along: 0) },
        "torch.stack([a, b, a], dim=-1)": { t, _ in .stack([t[0], t[1], t[0]], along: -1) },
    ]

    private static let losses: [String: Expression] = [
        "torch.nn.functional.mse_loss(a, b, reduction='mean')": { t, _ in t[0].meanSquaredError(to: t[1]) },
        "torch.nn.functional.mse_loss(a, b, reduction='sum')": { t, _ in t[0].sumOfSquaredErrors(to: t[1]) },
        "torch.nn.functional.mse_loss(a, b, reduction='none')": { t, _ in t[0].squaredErrors(to: t[1]) },
        "torch.nn.functional.l1_loss(a, b, reduction='mean')": { t, _ in t[0].absoluteErrors(to: t[1]).mean() },
        "torch.nn.functional.l1_loss(a, b, reduction='sum')": { t, _ in t[0].absoluteErrors(to: t[1]).sum() },
        "torch.nn.functional.l1_loss(a, b, reduction='none')": { t, _ in t[0].absoluteErrors(to: t[1]) },
        "torch.nn.functional.huber_loss(a, b, delta=1.0)": { t, _ in t[0].huberLoss(to: t[1], delta: 1) },
        "torch.nn.functional.huber_loss(a, b, delta=0.5)": { t, _ in t[0].huberLoss(to: t[1], delta: 0.5) },
        "torch.nn.functional.smooth_l1_loss(a, b, beta=1.0)": { t, _ in t[0].smoothL1Loss(to: t[1], beta: 1) },
        "torch.nn.functional.smooth_l1_loss(a, b, beta=0.5)": { t, _ in t[0].smoothL1Loss(to: t[1], beta: 0.5) },
    ]

    private static let composites: [String: Expression] = [
        "(a * b).sin() * (a + b) + a": { t, _ in (t[0] * t[1]).sin() * (t[0] + t[1]) + t[0] },
        "((a.pow(2).mm(b) + c - d) ** 2).mean()": { t, _ in
            (t[0].pow(2).mm(t[1]) + t[2] - t[3]).pow(2).mean()
        },
        "(0.5 * (a.pow(2).mm(b) + c - d) ** 2).sum()": { t, _ in
            (0.5 * (t[0].pow(2).mm(t[1]) + t[2] - t[3]).pow(2)).sum()
        },
        "((a @ b).tanh() @ c).sigmoid()": { t, _ in t[0].matmul(t[1]).tanh().matmul(t[2]).sigmoid() },
        "(((a.exp() + 1).log() * b).tanh() / (b * b + 1)).sum(dim=0)": { t, _ in
            (((t[0].exp() + 1).log() * t[1]).tanh() / (t[1] * t[1] + 1)).sum(over: [0])
        },
    ]
}
