/// A small fast generator (Steele, Lea and Flood 2014): one addition and a mix for 64 bits.
struct SplitMix {
  private var state: UInt64

  init(state: UInt64) { self.state = state &* 0xd134_2543_de82_ef95 &+ 0x2545_f491_4f6c_dd1d }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// A number from 0 up to but without 1.
  mutating func fraction() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
