import ArgumentParser

@main
struct Chapter6IMDBRNN: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter6-imdb-rnn")
  func run() throws {}
}
