import TestSupport
import Testing

/// The parts of `rng.json` that this module must reproduce.
struct RandomGolden: Decodable {
    static let shared = try! Golden.load("rng.json", as: RandomGolden.self)

    let numpy: [NumPyCase]
    let numpyArraySeed: [ArraySeedCase]
    let torch: [TorchCase]

    enum CodingKeys: String, CodingKey {
        case numpy
        case numpyArraySeed = "numpy_array_seed"
        case torch
    }

    /// A place in a long stream and the value there.
    struct Placed: Decodable {
        let place: Int
        let value: Double

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            place = try pair.decode(Int.self)
            value = try pair.decode(Double.self)
        }
    }
}

/// One `np.random.seed(k)`; `shuffle100Second`, `thenSample` and the like continue what stands before them.
struct NumPyCase: Decodable, CustomTestStringConvertible {
    let seed: UInt32
    let words: [UInt32]
    let samples: [Double]
    let samplesAt: [RandomGolden.Placed]
    let shuffle10: [Int]
    let shuffle100First: [Int]
    let shuffle100Second: [Int]
    let sampleAfterShuffles: Double
    let shuffle100After102Samples: [Int]
    let permutation17: [Int]
    let normals11: [Double]
    let thenSamples3: [Double]
    let thenNormals2: [Double]
    let uniforms: [Double]
    let normals: [Double]

    var testDescription: String { "seed \(seed)" }

    enum CodingKeys: String, CodingKey {
        case seed
        case words = "u32_first8"
        case samples = "random_sample_first10"
        case samplesAt = "random_sample_at"
        case shuffle10
        case shuffle100First = "shuffle100_first"
        case shuffle100Second = "shuffle100_second"
        case sampleAfterShuffles = "random_sample_after_two_shuffle100"
        case shuffle100After102Samples = "shuffle100_after_102_samples"
        case permutation17
        case normals11 = "randn_first11"
        case thenSamples3 = "then_random_sample3"
        case thenNormals2 = "then_randn2"
        case uniforms = "uniform_-2.5_4_n5"
        case normals = "normal_1.5_0.3_n5"
    }
}

/// One `np.random.seed([...])`.
struct ArraySeedCase: Decodable, CustomTestStringConvertible {
    let key: [UInt32]
    let samples: [Double]

    var testDescription: String { "key \(key)" }

    enum CodingKeys: String, CodingKey {
        case key = "seed_array"
        case samples = "random_sample_first5"
    }
}

/// One `torch.manual_seed(k)`.
struct TorchCase: Decodable, CustomTestStringConvertible {
    let seed: Int64
    let floats: [Double]
    let floatsHex: [String]
    let floatsAt: [RandomGolden.Placed]
    let doubles: [Double]
    let doublesAt: [RandomGolden.Placed]
    let floatNormals: [String: Normals]
    let doubleNormals: [String: Normals]
    let mixed: [Call]
    let normalAfter100Floats: Double
    let permutation10: [Int]
    let permutation100: [Int]
    let floatUniforms: [Double]
    let doubleUniforms: [Double]
    let doubleShiftedNormals: [Double]
    let integers: [Int]
    let epochs: [[Int]]?

    var testDescription: String { "seed \(seed)" }

    /// `randn(n)` and what the stream gives after it.
    struct Normals: Decodable {
        let values: [Double]
        let thenFloat: Double
        let thenFloatNormal: Double

        enum CodingKeys: String, CodingKey {
            case values
            case thenFloat = "then_rand_f32"
            case thenFloatNormal = "then_randn1_f32"
        }
    }

    /// One call in a sequence that mixes functions and types.
    struct Call: Decodable {
        enum Operation: String, Decodable {
            case floats = "rand_f32"
            case doubles = "rand_f64"
            case floatNormals = "randn_f32"
            case doubleNormals = "randn_f64"
            case permutation = "randperm"
        }

        let op: Operation
        let n: Int
        let values: [Double]
    }

    enum CodingKeys: String, CodingKey {
        case seed
        case floats = "rand_f32_first10"
        case floatsHex = "rand_f32_first3_hex"
        case floatsAt = "rand_f32_at"
        case doubles = "rand_f64_first10"
        case doublesAt = "rand_f64_at"
        case floatNormals = "randn_f32"
        case doubleNormals = "randn_f64"
        case mixed = "mixed_sequence"
        case normalAfter100Floats = "rand100_then_randn1"
        case permutation10 = "randperm10"
        case permutation100 = "randperm100"
        case floatUniforms = "uniform_-2_3_f32_n5"
        case doubleUniforms = "uniform_-0.3_0.4_f64_n5"
        case doubleShiftedNormals = "normal_1.5_0.3_f64_n5"
        case integers = "randint_-3_1000_n8"
        case epochs = "dataloader_shuffle20_two_epochs"
    }
}
