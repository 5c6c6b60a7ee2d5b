import CHDF5

/// Something that the HDF5 library has opened and that is closed with the last reference.
final class HDF5Handle {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  /// Takes over an identifier; nil if the library could not open the thing.
  init?(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) {
    guard id >= 0 else { return nil }
    self.id = id
    self.close = close
  }

  deinit { _ = close(id) }
}
