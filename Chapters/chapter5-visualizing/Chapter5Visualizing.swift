import ArgumentParser
import Gallery

@main
struct Chapter5Visualizing: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "chapter5-visualizing")
}
