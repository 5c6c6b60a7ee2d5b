import Foundation

/// The rooms of the engine (the folders of `Sources/DeepLearning`), and which of them uses what of which.
struct RoomMap {
  /// A source file, by its path below `Sources/DeepLearning`, with its text.
  typealias File = (path: String, text: String)

  /// The rooms from the ground up: each may use those before it.
  let order: [String]
  private let files: [(path: String, room: String, words: Set<Substring>)]
  /// In which room each type, protocol and function of the top level is declared.
  private let homes: [Substring: String]

  init(order: [String], files: [File]) {
    self.order = order
    var homes: [Substring: String] = [:]
    self.files = files.map { path, text in
      let room = String(path.prefix { $0 != "/" })
      let code = Self.withoutCommentsAndTexts(text)
      // Extensions begin at the margin too, but declare nothing; what is private is nobody else's.
      let declaration =
        /^(?:(?:public|open|final|indirect) )*(?:struct|class|enum|protocol|actor|typealias|func) (\w+)/
        .anchorsMatchLineEndings()
      for match in code.matches(of: declaration) { homes[Substring(String(match.1))] = room }
      return (path, room, Set(code.matches(of: /\w+/).map { Substring(String($0.0)) }))
    }
    self.homes = homes
  }

  /// The engine as it is.
  static func engine(order: [String]) throws -> RoomMap {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/DeepLearning").standardizedFileURL
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
    let files = try paths.filter { $0.hasSuffix(".swift") }.sorted().map {
      (path: $0, text: try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
    }
    return RoomMap(order: order, files: files)
  }

  var rooms: Set<String> { Set(files.map(\.room)) }

  /// What uses a room above its own, such as `Tensor/Storage.swift uses Conv2D of Layers`.
  var upwardEdges: [String] {
    var edges: [String] = []
    for (path, room, words) in files {
      let floor = order.firstIndex(of: room) ?? order.count
      for word in words.sorted() {
        guard let home = homes[word], let other = order.firstIndex(of: home) else { continue }
        if other > floor { edges.append("\(path) uses \(word) of \(home)") }
      }
    }
    return edges
  }

  /// Code alone; what is interpolated in a text stays.
  private static func withoutCommentsAndTexts(_ text: String) -> String {
    let code = text.replacing(/\/\/[^\n]*/, with: "")
    return code.replacing(/"(?:\\.|[^"\\\n])*"/) { (literal: Regex<Substring>.Match) -> String in
      let interpolations = literal.output.matches(of: /\\\(([^"]*)\)/)
      return interpolations.map { String($0.output.1) }.joined(separator: " ")
    }
  }
}
