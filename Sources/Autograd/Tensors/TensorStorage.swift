package import RealModule

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The numbers of a tensor and of every view and detached alias of it, in one allocation behind the object's header.
///
/// The version counts changes in place; the engine compares it with the version at which a value was saved. Not
/// generic over the scalar, so that one pool per thread (see ``StoragePool``) serves all tensors.
final class TensorStorage: ManagedBuffer<TensorStorage.Header, UInt64> {
    struct Header {
        var version: Int
        /// The index of the pool's list that this storage came from and goes back to.
        let sizeClass: Int
    }

    /// How often the numbers were changed in place.
    var version: Int {
        @inline(__always) get { withUnsafeMutablePointerToHeader { $0.pointee.version } }
        @inline(__always) set { withUnsafeMutablePointerToHeader { $0.pointee.version = newValue } }
    }

    var sizeClass: Int {
        @inline(__always) get { withUnsafeMutablePointerToHeader { $0.pointee.sizeClass } }
    }

    /// The first number; valid while the storage is alive.
    @inline(__always)
    func base<Scalar: TensorScalar>(as _: Scalar.Type) -> UnsafeMutablePointer<Scalar> {
        withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Scalar.self) }
    }
}

/// Storages that tensors of one thread no longer use, ready for the next tensor of about the same size.
///
/// A training step makes the same tensors over and over; taking their storages from here costs a few instructions.
/// References are handed over unmanaged: each is owned by whoever holds it, the pool included.
struct StoragePool {
    /// At most this many storages of a size wait; the rest are freed.
    private static let depth = 16
    /// The largest class holds 2^13 words (64 kB); larger storages are not pooled.
    private static let classes = 12
    private static let unpooled = -1

    private let waiting: UnsafeMutablePointer<Unmanaged<TensorStorage>>
    private let counts: UnsafeMutablePointer<Int>

    init() {
        waiting = .allocate(capacity: Self.classes * Self.depth)
        counts = .allocate(capacity: Self.classes)
        counts.initialize(repeating: 0, count: Self.classes)
    }

    /// Frees everything; the pool must not be used again.
    func destroy() {
        for sizeClass in 0..<Self.classes {
            for index in 0..<counts[sizeClass] { waiting[sizeClass * Self.depth + index].release() }
        }
        waiting.deallocate()
        counts.deallocate()
    }

    /// A storage for at least `byteCount` bytes, uninitialized, at version 0, with one reference that the caller owns.
    @inline(__always)
    func take(byteCount: Int, counting allocations: inout Int) -> Unmanaged<TensorStorage> {
        let words = (byteCount + 7) / 8
        // Classes hold 4, 8, 16, ... words.
        let sizeClass = words <= 4 ? 0 : Int.bitWidth - (words - 1).leadingZeroBitCount - 2
        guard sizeClass < Self.classes, counts[sizeClass] > 0 else {
            allocations += 1
            return Self.make(words, sizeClass)
        }
        counts[sizeClass] -= 1
        let storage = waiting[sizeClass * Self.depth + counts[sizeClass]]
        storage._withUnsafeGuaranteedRef { $0.version = 0 }
        return storage
    }

    /// Gives up one reference to `storage`; if it was the last, the storage waits here for the next tensor.
    @inline(__always)
    func recycle(_ storage: Unmanaged<TensorStorage>) {
        let sizeClass = storage._withUnsafeGuaranteedRef { $0.sizeClass }
        if sizeClass >= 0, counts[sizeClass] < Self.depth, storage.isLastReference {
            (waiting + (sizeClass * Self.depth + counts[sizeClass])).initialize(to: storage)
            counts[sizeClass] += 1
        } else {
            storage.release()
        }
    }

    @inline(never)
    private static func make(_ words: Int, _ sizeClass: Int) -> Unmanaged<TensorStorage> {
        let isPooled = sizeClass < classes
        let buffer = TensorStorage.create(minimumCapacity: isPooled ? 4 << sizeClass : words) { _ in
            TensorStorage.Header(version: 0, sizeClass: isPooled ? sizeClass : unpooled)
        }
        return .passRetained(unsafeDowncast(buffer, to: TensorStorage.self))
    }
}

extension Unmanaged<TensorStorage> {
    /// Whether nothing but this reference keeps the storage alive.
    var isLastReference: Bool {
        @inline(__always) get {
            var storage = self
            // An unmanaged reference is a plain pointer, as is the managed one that the standard library asks for.
            return withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: TensorStorage.self, capacity: 1) { isKnownUniquelyReferenced(&$0.pointee) }
            }
        }
    }
}

/// A number type that tensors can hold: `Float` or `Double`.
///
/// The protocol exists so that one generic core serves both; nothing else should conform, because the order of
/// summation (and with it every bit of a result) is tied to the width of ``Lanes``.
package protocol TensorScalar: Real, BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// The vector whose lanes PyTorch's sum runs in parallel: 8 of `Float`, 4 of `Double`.
    associatedtype Lanes: SIMD where Lanes.Scalar == Self

    /// PyTorch's name of a tensor of this type, for error messages.
    static var tensorTypeName: String { get }

    /// C's `pow`, which (unlike `Real.pow`) accepts a negative base with a whole exponent, and every special value.
    static func libraryPower(_ base: Self, _ exponent: Self) -> Self

    /// The list of the pool that graph nodes of this type wait in.
    static var poolIndex: Int { get }
}

extension Float: TensorScalar {
    package typealias Lanes = SIMD8<Float>

    package static var tensorTypeName: String { "torch.FloatTensor" }

    package static func libraryPower(_ base: Float, _ exponent: Float) -> Float { cPower(base, exponent) }

    package static var poolIndex: Int { 0 }
}

extension Double: TensorScalar {
    package typealias Lanes = SIMD4<Double>

    package static var tensorTypeName: String { "torch.DoubleTensor" }

    package static func libraryPower(_ base: Double, _ exponent: Double) -> Double { cPower(base, exponent) }

    package static var poolIndex: Int { 1 }
}

// Outside of the types, whose own `pow` would be meant inside.
private func cPower(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }

private func cPower(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
