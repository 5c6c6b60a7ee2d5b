/// A fast check sum against accidents, not against malice.
package func checkSum<Number: BitwiseCopyable>(_ numbers: [Number]) -> UInt64 {
  numbers.withUnsafeBytes(checkSum)
}

/// A fast check sum against accidents, not against malice.
package func checkSum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
  // Four chains, so that the multiplications overlap.
  var lanes = SIMD4<UInt64>(1, 2, 3, 4)
  let whole = bytes.count & ~31
  for offset in stride(from: 0, to: whole, by: 32) {
    let block = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
    lanes = (lanes ^ block) &* 0x9e37_79b9_7f4a_7c15
    lanes ^= lanes &>> 32
  }
  var sum = UInt64(bytes.count)
  for offset in whole..<bytes.count { sum = (sum ^ UInt64(bytes[offset])) &* 0x100_0000_01b3 }
  for lane in 0..<4 { sum = (sum ^ lanes[lane]) &* 0x9e37_79b9_7f4a_7c15 }
  return sum ^ sum >> 31
}
