import COpenBLAS
import Foundation

/// Keeps the libraries from starting threads of their own.
enum LibraryThreads {
  /// Limits the libraries, as called from this thread, to this thread.
  ///
  /// - Parameter threads: how many threads oneDNN may use instead, where a problem cannot be split.
  static func limit(to threads: Int = 1) {
    _ = openBLAS
    // OpenMP counts per calling thread; this is one store.
    setOpenMPThreads?(Int32(threads))
  }

  private static let openBLAS: Void = openblas_set_num_threads(1)

  /// oneDNN brings the OpenMP runtime along.
  private static let setOpenMPThreads: (@convention(c) (Int32) -> Void)? =
    dlsym(dlopen(nil, RTLD_NOW), "omp_set_num_threads").map {
      unsafeBitCast($0, to: (@convention(c) (Int32) -> Void).self)
    }
}
