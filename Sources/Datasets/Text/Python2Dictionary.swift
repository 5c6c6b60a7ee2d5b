/// The order in which a dictionary of Python 2.7 (64 bits) gives its keys, which decides in Keras' files which of two
/// equally frequent words comes first.
///
/// A dictionary is a table of 8, 16, 32, ... places. A key goes to the place that the lowest bits of its hash say, and
/// if that is taken to others that its further bits lead to. A table that is two thirds full is made anew, with room
/// for four times as many keys, or twice as many from 50,000 keys on. Keys are given in the order of their places.
struct Python2Dictionary {
  /// The number of a key + 1 in each place, 0 where there is none.
  private var table = [Int32](repeating: 0, count: 8)
  private var hashes = [UInt64]()

  /// The hash of a text (`str`), without the salt that Python 2.7 adds only on request.
  static func hash(of bytes: some Collection<UInt8>) -> UInt64 {
    guard let first = bytes.first else { return 0 }
    var hash = UInt64(first) << 7
    for byte in bytes { hash = (hash &* 1_000_003) ^ UInt64(byte) }
    hash ^= UInt64(bytes.count)
    // -1 is the sign of an error.
    return hash == .max ? .max - 1 : hash
  }

  /// Adds a key that is not there yet.
  mutating func insert(hash: UInt64) {
    hashes.append(hash)
    place(Int32(hashes.count), hash)
    guard hashes.count * 3 >= table.count * 2 else { return }
    let room = hashes.count * (hashes.count > 50_000 ? 2 : 4)
    var size = 8
    while size <= room { size *= 2 }
    let old = table
    table = [Int32](repeating: 0, count: size)
    for key in old where key > 0 { place(key, hashes[Int(key) - 1]) }
  }

  private mutating func place(_ key: Int32, _ hash: UInt64) {
    let mask = UInt64(table.count - 1)
    var (place, rest) = (hash & mask, hash)
    while table[Int(place & mask)] != 0 {
      place = place &* 5 &+ rest &+ 1
      rest >>= 5
    }
    table[Int(place & mask)] = key
  }

  /// The numbers of the keys, 0 for the first that was added, in the dictionary's order.
  var order: [Int] { table.compactMap { $0 > 0 ? Int($0) - 1 : nil } }
}
