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
