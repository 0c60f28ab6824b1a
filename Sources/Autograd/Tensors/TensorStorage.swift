/// The numbers of a tensor and of every view and detached alias of it, in one allocation behind the object's header.
///
/// The version counts changes in place; the engine compares it with the version at which a value was saved.
final class TensorStorage<Scalar: TensorScalar>: ManagedBuffer<TensorStorage<Scalar>.Header, Scalar> {
    struct Header {
        var count: Int
        var version: Int
    }

    /// Room for `count` scalars, uninitialized: the caller writes every one before the storage is read.
    @inline(__always)
    static func uninitialized(count: Int) -> TensorStorage {
        let buffer = create(minimumCapacity: count) { _ in Header(count: count, version: 0) }
        return unsafeDowncast(buffer, to: TensorStorage.self)
    }

    var version: Int {
        get { header.version }
        set { header.version = newValue }
    }

    /// The first scalar. Valid only while the storage is alive: callers keep it so with `withExtendedLifetime`.
    var base: UnsafeMutablePointer<Scalar> {
        @inline(__always) get { withUnsafeMutablePointerToElements { $0 } }
    }
}
