import ArgumentParser
import Gallery

@main
struct Chapter5CatsDogs: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter5-cats-dogs")
}
