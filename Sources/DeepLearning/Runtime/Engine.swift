import Foundation

/// What the engine runs on, for reports.
public enum Engine {
  /// Whether convolutions sum all their products, slower, instead of using Winograd's algorithm, which rounds more.
  ///
  /// Measured against double precision, as shares of the largest number: up to 2.5·10⁻⁵ for results and gradients of
  /// single convolutions, 8·10⁻⁵ for stacks. The environment variable `DLWP_EXACT=1` makes it the default.
  @TaskLocal public static var isExact = ProcessInfo.processInfo.environment["DLWP_EXACT"] == "1"
  /// The number of cores that kernels use.
  public static var threads: Int { Parallel.threads }
}
