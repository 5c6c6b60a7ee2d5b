import Images

/// The styles that the program paints itself, for style transfer without a painter's picture.
public enum PaintedStyle: String, CaseIterable, Sendable {
  /// Thick brush strokes that flow around glowing eddies.
  case swirls
  /// A window of coloured glass and lead.
  case glass

  /// Paints it.
  ///
  /// - Parameters:
  ///   - seed: another seed paints another picture.
  ///   - side: its width and height.
  public func picture(seed: UInt64, side: Int = 512) -> Image {
    switch self {
    case .swirls: Swirls.picture(seed: seed, side: side)
    case .glass: StainedGlass.picture(seed: seed, side: side)
    }
  }
}
