/// A picture of pixels, row by row.
struct Raster {
  let width: Int
  let height: Int
  /// One 0xRRGGBB for each pixel.
  let colors: [UInt32]
}

extension Color {
  /// The colour as 0xRRGGBB.
  var code: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }
}
