import Foundation

/// What the engine runs on, for reports.
public enum Engine {
  /// The library behind large matrix products, such as `oneDNN 2.6.3`.
  public static var kernels: String { MatrixProduct.providerDescription }
  /// Whether convolutions are added up as they stand, slower, instead of by Winograd's algorithm, which rounds more
  /// (by up to 2·10⁻⁵ of the largest output in tests). The environment variable `DLWP_EXACT=1` makes it the default.
  @TaskLocal public static var isExact = ProcessInfo.processInfo.environment["DLWP_EXACT"] == "1"
  /// The number of cores that kernels use.
  public static var threads: Int { Parallel.threads }
}
