import StandIns
import Testing

@Suite("Pictures made by the program")
struct StandInsTests {
  @Test("The painted styles are pictures of many colours, the same for the same seed")
  func paintings() {
    for style in PaintedStyle.allCases {
      let picture = style.picture(seed: 42, side: 160)
      #expect(picture == style.picture(seed: 42, side: 160))
      #expect(picture != style.picture(seed: 43, side: 160))
      var colors = Set<Int>()
      for start in stride(from: 0, to: picture.pixels.count, by: 3) {
        colors.insert(picture.pixels[start..<start + 3].reduce(0) { $0 << 3 | Int($1 >> 5) })
      }
      #expect(picture.width == 160 && picture.height == 160 && colors.count > 80, "\(style)")
    }
  }

  @Test("The landscapes are the same each time, and of the size that they say")
  func landscapes() {
    let lake = SunsetLake.picture(seed: 1)
    #expect(lake == SunsetLake.picture(seed: 1) && lake != SunsetLake.picture(seed: 2))
    #expect(lake.width == 512 && lake.height == 384)
    let hills = EveningHills.picture(width: 40, height: 30)
    #expect(hills == EveningHills.picture(width: 40, height: 30))
    #expect(hills.width == 40 && hills.height == 30 && Set(hills.pixels).count > 80)
  }
}
