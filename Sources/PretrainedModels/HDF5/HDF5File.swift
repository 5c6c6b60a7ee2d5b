import CHDF5
import Datasets
import DeepLearning
import Synchronization

/// A weight file in the HDF5 format, as Keras writes them (`.h5`), open for reading.
///
/// The library behind it may follow links to other files, load plug-ins and believe any size that a
/// file claims. Here a file can do nothing but hold tensors: links out of it, tensors stored outside
/// of it and unknown compression are refused, and sizes are compared with what is really there.
public final class HDF5File: Sendable {
  /// A tensor in the file.
  public struct Dataset: Sendable {
    /// The names of the groups that lead to it and its own, with slashes between.
    public let path: String
    /// The layer that it belongs to: the name that Keras 3 wrote beside it, else that of the
    /// outermost group.
    public let layer: String
    /// Its extents.
    public let shape: [Int]
    let address: haddr_t
  }

  /// What the file is called in error messages.
  public let name: String
  /// The tensors, group by group.
  public let datasets: [Dataset]
  private let file: hid_t
  private let byteCount: Int

  /// The library is not safe for several threads everywhere.
  private static let library = Mutex(())

  /// Opens a file.
  ///
  /// - Throws: `DataError` unless the file is whole, in the format and holds nothing else but
  ///   groups and tensors.
  public convenience init(path: String) throws {
    let file = try InputFile(path: path)
    let start = try file.read(min(8, file.size), at: 0)
    try self.init(name: path, byteCount: file.size, start: start) { access in
      H5Fopen(path, dl_h5_read_only(), access)
    }
  }

  /// Opens a file that lies in memory.
  ///
  /// - Parameters:
  ///   - bytes: the contents of the file.
  ///   - name: what the file is called in error messages.
  public convenience init(bytes: [UInt8], name: String) throws {
    try self.init(name: name, byteCount: bytes.count, start: Array(bytes.prefix(8))) { access in
      var bytes = bytes
      guard H5Pset_fapl_core(access, 1 << 20, false) >= 0,
        H5Pset_file_image(access, &bytes, bytes.count) >= 0
      else { return -1 }
      return H5Fopen("memory", dl_h5_read_only(), access)
    }
  }

  private init(
    name: String, byteCount: Int, start: [UInt8], opening open: (hid_t) -> hid_t
  ) throws {
    guard start == [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a] else {
      throw DataError("\(name) is not an HDF5 file, which is what Keras' weight files are.")
    }
    self.name = name
    self.byteCount = byteCount
    (file, datasets) = try Self.library.withLock { _ in
      dl_h5_be_silent()
      H5PLset_loading_state(0)
      let access = dl_h5_new_file_access()
      defer { H5Pclose(access) }
      // Keras' files may lie where nothing can be locked, on a file server for instance.
      H5Pset_file_locking(access, false, true)
      let file = open(access)
      guard file >= 0 else {
        throw DataError("\(name) is truncated or damaged, HDF5 cannot open it; fetch it again.")
      }
      do {
        var catalog = HDF5Catalog(file: file, name: name)
        return (file, try catalog.datasets())
      } catch {
        H5Fclose(file)
        throw error
      }
    }
  }

  deinit {
    Self.library.withLock { _ in
      dl_h5_be_silent()
      H5Fclose(file)
    }
  }

  /// Reads a tensor.
  ///
  /// - Throws: `DataError` if it is not made of floating-point numbers or not all there.
  public func tensor(_ dataset: Dataset) throws -> Tensor {
    try Self.library.withLock { _ in
      dl_h5_be_silent()
      let owner = "\(name): \(dataset.path)"
      let damaged = DataError("\(owner) is truncated or damaged; fetch the file again.")
      guard let object = HDF5Handle(H5Oopen_by_addr(file, dataset.address), H5Oclose) else {
        throw damaged
      }
      try check(dataset, object.id, owner: owner)
      return try Tensor(shape: Shape(dataset.shape)) { buffer in
        let status = H5Dread(
          object.id, dl_h5_native_float(), dl_h5_all(), dl_h5_all(), dl_h5_default(),
          buffer.baseAddress)
        guard status >= 0 else { throw damaged }
      }
    }
  }

  /// The most bytes that one tensor may have; the largest of VGG16 has 411 million.
  private static let sizeLimit = 1 << 30
  /// Deflate cannot compress better than 1032 to 1.
  private static let bestCompression = 1032

  /// Throws unless the tensor is made of numbers that all lie in this file.
  private func check(_ dataset: Dataset, _ object: hid_t, owner: String) throws {
    guard let type = HDF5Handle(H5Dget_type(object), H5Tclose), dl_h5_is_float(type.id) != 0 else {
      throw DataError("\(owner) is not made of floating-point numbers, as weights are.")
    }
    guard let plan = HDF5Handle(H5Dget_create_plist(object), H5Pclose) else {
      throw DataError("\(owner) is damaged; fetch the file again.")
    }
    let layout = H5Pget_layout(plan.id)
    guard layout == H5D_COMPACT || layout == H5D_CONTIGUOUS || layout == H5D_CHUNKED,
      H5Pget_external_count(plan.id) == 0
    else {
      throw DataError("\(owner) is stored in another file, which a weight file has no need of.")
    }
    let filters = Int(H5Pget_nfilters(plan.id))
    for index in 0..<max(filters, 0) {
      var (flags, count, configuration) = (UInt32(0), 0, UInt32(0))
      let filter = H5Pget_filter2(
        plan.id, UInt32(index), &flags, &count, nil, 0, nil, &configuration)
      guard
        filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_SHUFFLE
          || filter == H5Z_FILTER_FLETCHER32
      else { throw DataError("\(owner) is compressed in a way that is not known here.") }
    }
    let width = Int(H5Tget_size(type.id))
    let stored = Int(clamping: H5Dget_storage_size(object))
    let missing = DataError(
      "\(owner) claims the shape \(dataset.shape), more numbers than the file holds.")
    guard let size = Self.size(of: dataset.shape, width: width), stored <= byteCount else {
      throw missing
    }
    guard layout == H5D_CHUNKED else {
      guard stored == size else { throw missing }
      return
    }
    var lengths = [hsize_t](repeating: 0, count: dataset.shape.count)
    guard Int(H5Pget_chunk(plan.id, Int32(lengths.count), &lengths)) == lengths.count,
      Self.size(of: lengths.map { Int(clamping: $0) }, width: width) != nil,
      size <= stored * (filters > 0 ? Self.bestCompression : 1)
    else { throw missing }
  }

  /// The bytes of an array of that shape; nil if that is more than can be accepted.
  private static func size(of shape: [Int], width: Int) -> Int? {
    var size = width
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard length > 0, !overflow, product <= sizeLimit else { return nil }
      size = product
    }
    return size
  }
}
